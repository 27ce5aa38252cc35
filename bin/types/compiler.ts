import { createRequire } from 'node:module'
import type ts from 'typescript'

/** The TypeScript compiler. Required: an import would first search all of its text for exports. */
export const compiler = createRequire(import.meta.url)('typescript') as typeof ts
