import type { ColumnSpec } from '../../core/columns.ts'
import type { Input, InputBytes, RawObject } from '../../core/manifest.ts'
import type { RejectedFor } from '../../core/rejects.ts'
import { mergeShard, newDaySketch, type DaySketch } from '../../core/sketches/day-sketch.ts'
import { unpackChunk } from '../parquet/chunk.ts'
import type { Shard } from '../read/cut-shards.ts'
import { behind, inputOf, unpackCounts, type SegmentCounts, type ShardResult } from '../read/shard.ts'
import type { FinishedPart, PartAssembler } from './part-assembler.ts'
import type { FinishedRejects, OutlinedReject, RejectWriter } from './reject-writer.ts'
import type { Tally } from './tally.ts'

/** Result of processing a day: every file is written, and every record of the inputs is accounted for. */
export interface ProcessedDay {
  /** Raw objects with the counts of their records and bytes, in the order of the inputs. */
  readonly inputs: readonly Input[]
  /** The parts that were written, in order. */
  readonly parts: readonly FinishedPart[]
  /** The reject files that were written, in order. */
  readonly rejects: readonly FinishedRejects[]
  /** Numbers of rejects by reason, the most frequent reason first. */
  readonly rejectedFor: readonly RejectedFor[]
  /** Mergeable summary of the values of all rows, from which a profile is made. */
  readonly sketch: DaySketch
  /** Number of values that the workers encoded, by their own count. */
  readonly encodedValues: number
  /** How many of these were encoded more than once. */
  readonly reencodedValues: number
  /** Seconds by phase, added up over all threads. */
  readonly phaseSeconds: Readonly<Record<string, number>>
}

/** Merges the results of shards, which must be added in the order of the shards. */
export interface Merger {
  /** Adds a worker's result. Resolves when the next result may be added. */
  addResult(shard: Extract<Shard, { kind: 'lines' }>, result: ShardResult): Promise<void>
  /** Adds counts of a shard that no worker has to process. Resolves when the next result may be added. */
  addCounts(shard: Extract<Shard, { kind: 'counted' }>): Promise<void>
  /** Adds seconds to the time of a phase. */
  spend(phase: string, seconds: number): void
  /** Completes the files and returns the result of the day. */
  finish(): Promise<ProcessedDay>
  /** Discards unfinished files. */
  abort(): Promise<void>
}

/** Inputs of the day, and writers of its files. */
export interface MergeOptions {
  readonly columns: readonly ColumnSpec[]
  /** Raw objects of the day, to which shards refer by index. */
  readonly inputs: readonly RawObject[]
  /** Counts that are updated with each result. */
  readonly tally: Tally
  readonly parts: PartAssembler
  readonly rejects: RejectWriter
  /** Gets the memory of each chunk when it is written. @default the garbage collector does */
  readonly spare?: SharedArrayBuffer[]
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }
type OpenInput = Writable<Omit<Input, 'bytes'>> & { readonly bytes: Writable<InputBytes> }

/**
 * Makes a merger that turns the results of shards into parts, reject files and counts per input. Rejects of a shard get
 * the line numbers of their object.
 */
export function mergeResults({ columns, inputs, tally, parts, rejects, spare }: MergeOptions): Merger {
  const counted = inputs.map(({ key, etag, size }): OpenInput => {
    const bytes = { read: 0, rejected: 0, unread: 0, decoded: 0 }
    return { key, etag, size, records: 0, kept: 0, dropped: 0, rejected: 0, bytes }
  })
  const phaseSeconds: Record<string, number> = {}
  const sketch = newDaySketch(columns)
  let encodedValues = 0
  /** The input that the last segment belonged to, and its lines and decoded bytes so far. */
  const current = { input: -1, lines: 0, bytes: 0 }

  const spend = (phase: string, seconds: number) => {
    phaseSeconds[phase] = (phaseSeconds[phase] ?? 0) + seconds
  }

  return {
    spend,
    async addResult(shard, result) {
      let segment = 0
      for (const counts of unpackCounts(result.counts)) {
        const rejected = count(inputOf(shard.segments, segment++), counts)
        if (rejected.length > 0) await rejects.add(rejected)
      }
      tally.bytes += shard.rawBytes
      encodedValues += result.encodedValues
      for (const [phase, seconds] of Object.entries(result.phaseSeconds)) spend(phase, seconds)
      const begun = performance.now()
      const rows = result.chunks.reduce((sum, chunk) => sum + chunk.rows, 0)
      mergeShard(sketch, { rows, columns: result.columns, counted: result.counted })
      const merged = performance.now()
      spend('profile', (merged - begun) / 1000)
      for (const chunk of result.chunks) {
        tally.rows += chunk.rows
        await parts.add(unpackChunk(chunk, (buffer) => spare?.push(buffer)))
      }
      spend('splice', (performance.now() - merged) / 1000)
    },
    async addCounts({ input, counts }) {
      const rejected = count(input, counts)
      if (rejected.length > 0) await rejects.add(rejected)
    },
    async finish() {
      const finishedParts = await parts.finish()
      const finishedRejects = await rejects.finish()
      tally.files = inputs.length
      const writtenValues = finishedParts.reduce((sum, { values }) => sum + values, 0)
      return {
        inputs: counted,
        parts: finishedParts,
        rejects: finishedRejects,
        rejectedFor: rejects.reasons(),
        sketch,
        encodedValues,
        reencodedValues: encodedValues - writtenValues,
        phaseSeconds,
      }
    },
    async abort() {
      await Promise.allSettled([parts.abort(), rejects.abort()])
    },
  }

  /** Adds up the counts of a segment; returns its rejects, located in their object. */
  function count(input: number, counts: SegmentCounts): OutlinedReject[] {
    if (current.input !== input) {
      current.input = input
      current.lines = current.bytes = 0
    }
    const of = counted[input]!
    of.records += counts.records
    of.kept += counts.kept
    of.dropped += counts.dropped
    of.rejected += counts.rejects.length
    of.bytes.read += counts.bytes - counts.rejectedBytes
    of.bytes.rejected += counts.rejectedBytes
    of.bytes.decoded += counts.decoded
    if (counts.compression) of.bytes.compression = counts.compression
    if (counts.unread) {
      of.unread = counts.unread.why
      of.bytes.unread += counts.unread.bytes
    }
    tally.files = input
    tally.records += counts.records
    tally.rejected += counts.rejects.length
    const located = counts.rejects.map((reject) => ({
      source: inputs[input]!.key,
      ...behind(current, reject),
    }))
    current.lines += counts.lines
    current.bytes += counts.bytes
    return located
  }
}
