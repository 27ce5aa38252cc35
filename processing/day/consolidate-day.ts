import type { ColumnSpec } from '../../core/columns.ts'
import type { FileLimits } from '../../core/file-limits.ts'
import { newDaySketch } from '../../core/sketches/day-sketch.ts'
import { chunkBytes } from '../parquet/chunk.ts'
import { readChunks, type ChunkSource } from '../parquet/read-chunks.ts'
import type { ProcessedDay } from '../write/merge-results.ts'
import { partAssembler, ROW_GROUP_BYTES } from '../write/part-assembler.ts'
import type { Sink } from '../write/sink.ts'
import { newTally, type Tally } from '../write/tally.ts'
import { collectGarbage } from './collect-garbage.ts'

/** Small parts of a day, and settings of the parts to make of them. */
export interface ConsolidateDayOptions {
  readonly columns: readonly ColumnSpec[]
  /** Parts to merge, in key order. */
  readonly parts: readonly ChunkSource[]
  /** Number of the generation, a part of each file's name. */
  readonly generation: number
  /** Token of the attempt, a part of each file's name. */
  readonly attempt: string
  /** Sizes of the parts and row groups to make. */
  readonly limits: FileLimits
  /** Receives the new parts. */
  readonly sink: Sink
  /** Updated while parts are merged. @default a new one */
  readonly tally?: Tally
  /** When it is aborted, the call fails. */
  readonly signal?: AbortSignal
}

/**
 * Merges the small parts of a day into few full ones by copying their encoded pages; no value is decoded or encoded.
 * Holds the row groups that become one new row group, and one more.
 *
 * @throws DayfoldError ColumnsMismatch if a part has other columns; files begun in the sink are discarded
 */
export async function consolidateDay(options: ConsolidateDayOptions): Promise<ProcessedDay> {
  const { columns, parts, generation, attempt, limits, sink, signal } = options
  const tally = options.tally ?? newTally()
  // A chunk is an old row group here, so this is about its size: a new one may grow to two of them.
  const chunkRows = limits.rowGroupRows
  const assembler = partAssembler({ columns, generation, attempt, limits, sink, chunkRows })
  let garbageBytes = 0
  try {
    for (const part of parts) {
      for await (const chunk of readChunks(part, columns)) {
        signal?.throwIfAborted()
        await assembler.add(chunk)
        tally.rows += chunk.rows
        garbageBytes += chunkBytes(chunk)
        if (garbageBytes >= ROW_GROUP_BYTES) {
          garbageBytes = 0
          collectGarbage()
        }
      }
      tally.files++
      tally.bytes += part.bytes
    }
    return { ...NOTHING_READ, sketch: newDaySketch([]), parts: await assembler.finish() }
  } catch (error) {
    await assembler.abort()
    throw error
  }
}

const NOTHING_READ = {
  inputs: [],
  rejects: [],
  rejectedFor: [],
  encodedValues: 0,
  reencodedValues: 0,
  phaseSeconds: {},
} as const satisfies Omit<ProcessedDay, 'parts' | 'sketch'>
