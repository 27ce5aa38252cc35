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
  const places = placesOf(read)
  const stretches = places.map(({ input, ...stretch }): Stretch => ({ object: inputs[input]!, ...stretch }))
  const problems = await reader.fill(stretches, buffer)
  for (const problem of problems) {
    if (problem.isChanged && unreadable === 'fail') throw changed(stretches[problem.index]!.object, problem)
  }
  onRead?.((performance.now() - begun) / 1000)
  const notRead = new Map(problems.map(({ index, message }) => [places[index]!.input, message]))
  return { read, buffer, start: HEADROOM, notRead }
}

type Place = Omit<Stretch, 'object'> & { readonly input: number }

/** Returns the stretches of a read and their places in the buffer; empty objects have none. */
function placesOf(read: Read): Place[] {
  if (read.kind === 'piece')
    return [{ input: read.input, start: read.start, bytes: read.bytes, at: HEADROOM }]
  return read.objects
    .filter(({ length }) => length > 0)
    .map(({ input, start, length }) => ({ input, start: 0, bytes: length, at: HEADROOM + start }))
}

function changed({ key, etag }: RawObject, { message }: NotRead): DayfoldError {
  return new DayfoldError('RawObjectChanged', `${key}: ${message}. The next run reads what is there then.`, {
    context: { key, etag },
  })
}
