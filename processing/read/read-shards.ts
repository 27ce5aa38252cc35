import { cutShards, type CutShardsOptions, type Shard } from './cut-shards.ts'
import { groupReads, isCompressedName, planReads, type Read } from './plan-reads.ts'
import { startAhead } from './start-ahead.ts'

/** Raw bytes of a compressed object that are read ahead while it is being decoded. */
export const DECODE_AHEAD_BYTES = 4 * 1024 * 1024

/**
 * Reads the raw objects of a day and emits shards, in the order of the inputs. Several objects are read, and large ones
 * decoded, at the same time, as many as `aheadBytes` has room for.
 */
export async function* readShards(options: CutShardsOptions): AsyncGenerator<Shard> {
  const { inputs, shardBytes, aheadBytes } = options
  const start = (reads: readonly Read[]) => ({
    work: eagerly(cutShards(reads, options)),
    bytes: heldBy(reads, options),
  })
  const abandon = (shards: AsyncGenerator<Shard>) => void shards.return(undefined).catch(() => {})
  const groups = groupReads(planReads(inputs, shardBytes))
  for (const shards of startAhead(groups, aheadBytes, start, abandon)) yield* shards
}

/** Returns the most bytes that a group of reads holds. */
function heldBy(reads: readonly Read[], { inputs, shardBytes, aheadBytes }: CutShardsOptions): number {
  const bytes = reads.reduce((sum, read) => sum + read.bytes, 0)
  const [first] = reads
  const isDecoded = first?.kind === 'piece' && isCompressedName(inputs[first.input]!.key)
  return isDecoded ? Math.min(bytes, DECODE_AHEAD_BYTES) + 2 * shardBytes : Math.min(bytes, aheadBytes)
}

/** Emits the same items; asks for each when the one before is taken. */
function eagerly<T>(items: AsyncGenerator<T>): AsyncGenerator<T> {
  const ask = () => {
    const item = items.next()
    // Handled when it is awaited; the empty catch only keeps Node from reporting an unhandled rejection.
    item.catch(() => {})
    return item
  }
  let upcoming = ask()
  async function* taken(): AsyncGenerator<T> {
    try {
      for (;;) {
        const next = await upcoming
        if (next.done) return
        upcoming = ask()
        yield next.value
      }
    } finally {
      items.return(undefined).catch(() => {})
    }
  }
  return taken()
}
