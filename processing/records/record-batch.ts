import { OwnError } from '../../core/errors.ts'
import type { SegmentCounts } from '../read/shard.ts'
import { readJson } from './json/read-json.ts'
import type { PhaseClock } from './phases.ts'
import { extractError, told, type Problem, type Rejecter } from './problems.ts'
import type { TakeResult } from './take-result.ts'

/** Bytes of records at which a batch is full, however few they are. */
const MAX_BATCH_BYTES = 8 * 1024 * 1024

/** Feature code that takes batches, and the receiver of its results. */
export interface RecordBatchOptions {
  readonly extractBatch: (records: unknown[], context: unknown) => unknown
  /** Result of the dataset's `setup`. */
  readonly context: unknown
  /** Maximum number of records of a batch. */
  readonly size: number
  /** Checks each result and counts its record. */
  readonly takeResult: TakeResult
  /** Counts the seconds of feature code. */
  readonly clock: PhaseClock
  /** Called before each call of feature code with the number of records, and with segment and line of the first. */
  readonly onBatch?: (counts: SegmentCounts, line: number, records: number) => void
}

interface Waiting {
  readonly record: unknown
  readonly counts: SegmentCounts
  readonly line: number
  /** Number of rejects of its segment before it. */
  readonly index: number
  raw: Buffer
}

/** Records that wait until there are enough of them for a call of `extractBatch`. */
export interface RecordBatch {
  /**
   * Adds a record that has been counted.
   *
   * @param raw bytes of the record, which are not copied before {@link RecordBatch.detach}
   */
  add(record: unknown, raw: Buffer, counts: SegmentCounts): void
  /** True if the batch has as many records, or as many bytes, as it may have: call `run`. */
  readonly isFull: boolean
  /** Copies the bytes of the waiting records, so that the memory that they were read from may be used again. */
  detach(): void
  /**
   * Passes the waiting records to feature code. Emits rows in the order of the records, and inserts rejects where they
   * belong in the order of lines.
   */
  run(rejects: Rejecter): Promise<void>
}

/**
 * Makes a batch of records for `extractBatch`. If a call throws, or does not return one result per record, each of its
 * records is parsed anew and passed alone, so that its outcome does not depend on other records.
 */
export function recordBatch(options: RecordBatchOptions): RecordBatch {
  const { extractBatch, context, size, takeResult, clock, onBatch } = options
  let waiting: Waiting[] = []
  let bytes = 0
  let detached = 0
  return {
    add(record, raw, counts) {
      waiting.push({ record, counts, line: counts.lines, index: counts.rejects.length, raw })
      bytes += raw.length
    },
    get isFull() {
      return waiting.length >= size || bytes >= MAX_BATCH_BYTES
    },
    detach() {
      for (const each of waiting.slice(detached)) each.raw = Buffer.from(each.raw)
      detached = waiting.length
    },
    async run(rejects) {
      if (waiting.length === 0) return
      const records = waiting
      waiting = []
      bytes = detached = 0
      const begun = performance.now()
      const problems = await problemsOf(records)
      rejectAll(records, problems, rejects)
      clock.seconds.extract += (performance.now() - begun) / 1000
    },
  }

  async function problemsOf(records: readonly Waiting[]): Promise<(Problem | undefined)[]> {
    let results: unknown[]
    try {
      results = await resultsOf(records)
    } catch (error) {
      return records.length === 1 ? [problemOf(error)] : oneByOne(records)
    }
    return records.map(({ counts }, index) => {
      const result = results[index]
      return result instanceof Error ? extractError(result) : takeResult(result, counts)
    })
  }

  async function resultsOf(records: readonly Waiting[]): Promise<unknown[]> {
    const [{ counts, line }] = records as readonly [Waiting]
    onBatch?.(counts, line, records.length)
    const given = records.map(({ record }) => record)
    const results = await extractBatch(given, context)
    if (!Array.isArray(results))
      throw new WrongResults(`extractBatch: expected an array of results, found ${kindOf(results)}`)
    if (results.length !== records.length) {
      throw new WrongResults(
        `extractBatch: expected a result a record, found ${results.length} for ${records.length}: ` +
          'null drops a record, an array holds its rows',
      )
    }
    return results as unknown[]
  }

  /** Hands over records by themselves. They are parsed anew, because the batch may have changed them. */
  async function oneByOne(records: readonly Waiting[]): Promise<(Problem | undefined)[]> {
    const problems: (Problem | undefined)[] = []
    for (const each of records) {
      const record = readJson(each.raw, 0, each.raw.length)
      problems.push(...(await problemsOf([{ ...each, record }])))
    }
    return problems
  }
}

/** Rejects the records that have problems. Later rejects of other reasons may be there already. */
function rejectAll(
  records: readonly Waiting[],
  problems: readonly (Problem | undefined)[],
  rejects: Rejecter,
): void {
  const before = new Map<SegmentCounts, number>()
  for (const [at, { counts, line, index, raw }] of records.entries()) {
    const problem = problems[at]
    if (!problem) continue
    const added = before.get(counts) ?? 0
    before.set(counts, added + 1)
    counts.records--
    rejects.reject(counts, problem, raw, { line, index: index + added })
  }
}

/** Thrown if feature code returned anything but one result per record. */
class WrongResults extends OwnError {}

function problemOf(error: unknown): Problem {
  return error instanceof WrongResults ? told('extract-error', error.message) : extractError(error)
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
