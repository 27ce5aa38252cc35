import { DayfoldError } from '../../core/errors.ts'
import type { RawObject } from '../../core/manifest.ts'
import type { ReadSettings } from '../../core/read-settings.ts'
import { HEADROOM, type BufferPool } from './buffer-pool.ts'
import type { Read } from './plan-reads.ts'
import type { NotRead, Reader, Stretch } from './reader.ts'
import { startAhead } from './start-ahead.ts'

/** Result of a read: its bytes, and reasons for those that are missing. */
export interface FinishedRead {
  readonly read: Read
  /** Contains the bytes; give it back to the pool when they are used. */
  readonly buffer: SharedArrayBuffer
  /** Position of the first byte in the buffer. */
  readonly start: number
  /** Reason, by the index of the input, for each object that could not be read. */
  readonly notRead: ReadonlyMap<number, string>
}

/** Reader, buffers, and how far to read ahead. */
export interface ReadAheadOptions {
  /** Raw objects of the day, to which reads refer by index. */
  readonly inputs: readonly RawObject[]
  readonly reader: Reader
  /** Provides the buffers. */
  readonly pool: BufferPool
  /** Maximum number of bytes, at any time, that are being read or wait to be taken. */
  readonly aheadBytes: number
  /** Treatment of an object that has changed since it was listed: `fail` the job, or `skip` the object. */
  readonly unreadable: ReadSettings['unreadable']
  /** Called with the seconds that each read took. @default not called */
  readonly onRead?: (seconds: number) => void
}

/**
 * Carries out reads and emits their results in order. Many are in progress at once, because small objects cost latency,
 * not bandwidth. Holds `aheadBytes` and one read.
 *
 * @throws DayfoldError RawObjectChanged for an object that has changed since it was listed, if `unreadable` is `fail`
 */
export async function* readAhead(
  reads: Iterable<Read>,
  options: ReadAheadOptions,
): AsyncGenerator<FinishedRead> {
  const start = (read: Read) => {
    const work = carryOut(read, options)
    // Handled when it is awaited; the empty catch only keeps Node from reporting an unhandled rejection.
    work.catch(() => {})
    return { work, bytes: read.bytes }
  }
  for (const finished of startAhead(reads[Symbol.iterator](), options.aheadBytes, start)) yield await finished
}

async function carryOut(read: Read, options: ReadAheadOptions): Promise<FinishedRead> {
  const { inputs, pool, reader, unreadable, onRead } = options
  const begun = performance.now()
  const buffer = pool.take(read.bytes)
  const problems = await reader.fill(stretchesOf(read, inputs), buffer)
  onRead?.((performance.now() - begun) / 1000)
  const notRead = new Map<number, string>()
  if (problems.length > 0) {
    const filled = filledBy(read, inputs)
    for (const problem of problems) {
      const input = filled[problem.index]!
      if (problem.isChanged && unreadable === 'fail') throw changed(inputs[input]!, problem)
      notRead.set(input, problem.message)
    }
  }
  return { read, buffer, start: HEADROOM, notRead }
}

/** Returns the indexes of the inputs that a read has bytes of; empty objects have none. */
function filledBy(read: Read, inputs: readonly RawObject[]): number[] {
  if (read.kind === 'piece') return [read.input]
  const filled: number[] = []
  for (let input = read.first; input < read.end; input++) if (inputs[input]!.size > 0) filled.push(input)
  return filled
}

/** Returns the stretches of a read. They are not kept: thousands of them would outlive the young heap. */
function stretchesOf(read: Read, inputs: readonly RawObject[]): Stretch[] {
  if (read.kind === 'piece')
    return [{ object: inputs[read.input]!, start: read.start, bytes: read.bytes, at: HEADROOM }]
  let at = HEADROOM
  return filledBy(read, inputs).map((input) => {
    const object = inputs[input]!
    const stretch = { object, start: 0, bytes: object.size, at }
    at += object.size
    return stretch
  })
}

function changed({ key, etag }: RawObject, { message }: NotRead): DayfoldError {
  return new DayfoldError('RawObjectChanged', `${key}: ${message}. The next run reads what is there then.`, {
    context: { key, etag },
  })
}
