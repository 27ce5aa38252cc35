import type { BufferPool } from '../read/buffer-pool.ts'
import type { Shard } from '../read/cut-shards.ts'
import type { Merger } from '../write/merge-results.ts'
import type { WorkerPool } from './worker-pool.ts'

/** Workers, merger of their results, and limit of shards in memory. */
export interface MergeInOrderOptions {
  readonly pool: WorkerPool
  /** Gets back each shard's buffer when a worker has finished with it. */
  readonly buffers: BufferPool
  /** Gets the results, in the order of the shards. */
  readonly merger: Merger
  /** Maximum number of shards, at any time, that are in progress or wait to be merged. */
  readonly window: number
  /** When it is aborted, no further shard is begun and the call fails. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Gives shards to workers as they come, and passes the results to the merger in the order of the shards. Holds at most
 * `window` shards and results.
 */
export async function mergeInOrder(
  shards: AsyncIterable<Shard>,
  { pool, buffers, merger, window, signal }: MergeInOrderOptions,
): Promise<void> {
  const pending: Promise<() => Promise<void>>[] = []
  let id = 0
  for await (const shard of shards) {
    signal?.throwIfAborted()
    const result = shard.kind === 'counted' ? Promise.resolve(() => merger.addCounts(shard)) : run(shard)
    // Handled when it is awaited; the empty catch only keeps Node from reporting an unhandled rejection.
    result.catch(() => {})
    pending.push(result)
    if (pending.length >= window) await (await pending.shift()!)()
  }
  for (const result of pending) await (await result)()
  signal?.throwIfAborted()

  async function run(shard: Extract<Shard, { kind: 'lines' }>): Promise<() => Promise<void>> {
    const { buffer, segments } = shard
    const result = await pool.run({ type: 'shard', id: id++, buffer, segments })
    buffers.release(buffer)
    return () => merger.addResult(shard, result)
  }
}
