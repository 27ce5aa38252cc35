import { createRequire } from 'node:module'
import type ts from 'typescript'

/** Loads the TypeScript compiler. An import would first search all of its text for exports, which takes a second. */
export const loadCompiler = () => createRequire(import.meta.url)('typescript') as typeof ts
