/**
 * Node flags of the process that runs the job.
 *
 * - `--no-concurrent-recompilation`: workers keep every core busy, so code that is compiled in the background waits for
 * a core while the workers go on in unoptimised code; compiled at once, it is ready sooner.
 * - `--expose-gc`: consolidation decides when memory outside of the heap is freed.
 * - `--max-semi-space-size=2`: MiB of each half of a thread's young heap. Records die before it is full; without a limit
 * it grows to eight times as much over a long day and gains nothing.
 * - `--initial-old-space-size=16`: MiB of a thread's old heap at which it is first collected; else that of the main
 * thread, which holds some numbers for each raw object, would mostly be garbage.
 */
export const NODE_FLAGS = [
  '--no-concurrent-recompilation',
  '--expose-gc',
  '--max-semi-space-size=2',
  '--initial-old-space-size=16',
] as const
