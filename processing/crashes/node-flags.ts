/**
 * Node flags of the process that runs the job.
 *
 * - `--no-concurrent-recompilation`: workers keep every core busy, so code that is compiled in the background waits for
 * a core while the workers go on in unoptimised code; compiled at once, it is ready sooner.
 * - `--expose-gc`: consolidation decides when memory outside of the heap is freed.
 */
export const NODE_FLAGS = ['--no-concurrent-recompilation', '--expose-gc'] as const
