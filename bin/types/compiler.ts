import { loadCompiler } from '../../lib/bundle/load-compiler.ts'

/** The TypeScript compiler. */
export const compiler = loadCompiler()
