import { DayfoldError } from '../../core/errors.ts'
import type { RawObject } from '../../core/manifest.ts'
import type { ReadSettings } from '../../core/read-settings.ts'
import { HEADROOM, type BufferPool } from './buffer-pool.ts'
import type { Read } from './plan-reads.ts'
import { ObjectNotRead, type Source } from './source.ts'

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
  readonly source: Source
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
  const { aheadBytes } = options
  const iterator = reads[Symbol.iterator]()
  const started: { promise: Promise<FinishedRead>; bytes: number }[] = []
  let inFlight = 0
  for (let isPlanned = true; ;) {
    while (isPlanned && (inFlight < aheadBytes || started.length === 0)) {
      const next = iterator.next()
      if (next.done) {
        isPlanned = false
        break
      }
      const promise = carryOut(next.value, options)
      // Handled when it is awaited; the empty catch only keeps Node from reporting an unhandled rejection.
      promise.catch(() => {})
      started.push({ promise, bytes: next.value.bytes })
      inFlight += next.value.bytes
    }
    const first = started.shift()
    if (!first) return
    const finished = await first.promise
    inFlight -= first.bytes
    yield finished
  }
}

async function carryOut(read: Read, options: ReadAheadOptions): Promise<FinishedRead> {
  const { pool, onRead } = options
  const begun = performance.now()
  const buffer = pool.take(read.bytes)
  const bytes = Buffer.from(buffer, HEADROOM, read.bytes)
  const notRead = new Map<number, string>()
  if (read.kind === 'piece') await fill(read.input, read.start, bytes, notRead, options)
  else {
    const reading: Promise<void>[] = []
    for (const { input, start, length } of read.objects) {
      if (length === 0) continue
      const later = fill(input, 0, bytes.subarray(start, start + length), notRead, options)
      if (later) reading.push(later)
    }
    await Promise.all(reading)
  }
  onRead?.((performance.now() - begun) / 1000)
  return { read, buffer, start: HEADROOM, notRead }
}

/** Reads bytes of an input, at once or later; notes why they cannot be had. */
function fill(
  input: number,
  start: number,
  target: Uint8Array,
  notRead: Map<number, string>,
  { inputs, source, unreadable }: ReadAheadOptions,
): Promise<void> | void {
  const object = inputs[input]!
  return source.read(object, start, target)?.catch((error: unknown) => {
    if (!(error instanceof ObjectNotRead)) throw error
    if (error.isChanged && unreadable === 'fail') throw changed(object, error)
    notRead.set(input, error.message)
  })
}

function changed({ key, etag }: RawObject, error: ObjectNotRead): DayfoldError {
  return new DayfoldError(
    'RawObjectChanged',
    `${key}: ${error.message}. The next run reads what is there then.`,
    { cause: error, context: { key, etag } },
  )
}
