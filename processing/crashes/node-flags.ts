/**
 * Node flags of the process that runs the engine.
 *
 * - Workers keep every core busy. Code compiled in the background waits for a core behind them, while they go on in
 *   unoptimised code; compiled at once, it is ready sooner.
 * - Consolidation decides when memory outside of the heap is collected.
 */
export const NODE_FLAGS = ['--no-concurrent-recompilation', '--expose-gc'] as const
