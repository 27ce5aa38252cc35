/**
 * Flags of the process that runs the engine.
 *
 * - Workers keep every core busy. Code that is compiled on the side waits for one behind them, while they go on in
 *   code that is not optimised: compiled at once, it is there sooner.
 * - Consolidation says when memory outside of the heap can be collected.
 */
export const NODE_FLAGS = ['--no-concurrent-recompilation', '--expose-gc'] as const
