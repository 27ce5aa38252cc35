import { DayfoldError } from '../../core/errors.ts'
import type { RawObject } from '../../core/manifest.ts'
import type { ReadSettings } from '../../core/read-settings.ts'
import { HEADROOM, type BufferPool } from './buffer-pool.ts'
import type { Read } from './plan-reads.ts'
import type { NotRead, Reader, Stretch } from './reader.ts'
import { startAhead } from './start-ahead.ts'

/** A read whose bytes are there. */
export interface FinishedRead {
  readonly read: Read
  readonly buffer: SharedArrayBuffer
  /** Where the bytes begin. */
  readonly start: number
  /** Why bytes are not there, by input. */
  readonly notRead: ReadonlyMap<number, string>
}

export interface ReadAheadOptions {
  readonly inputs: readonly RawObject[]
  readonly reader: Reader
  readonly pool: BufferPool
  /** Bytes that are read, or wait to be taken, at any time. */
  readonly aheadBytes: number
  /** What is done about an object that is not the one that was listed any more: nothing is read, or it is not. */
  readonly unreadable: ReadSettings['unreadable']
  /** Told how many seconds a read took. */
  readonly onRead?: (seconds: number) => void
}

/**
 * Carries out reads in their order, and many at once: small objects cost latency, not bandwidth. Holds `aheadBytes`
 * and one read.
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

/** What is read, and where it belongs in the buffer. */
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
