import type { WorkOrder } from '../../core/work-order.ts'
import type { Reader } from '../read/reader.ts'
import { rateMemory } from '../s3/adaptive-rate.ts'
import type { S3 } from '../s3/client.ts'
import { s3Source, type S3SourceSettings } from '../s3/s3-source.ts'
import type { Credentials } from '../s3/sign.ts'
import type { Source } from '../read/source.ts'
import { readerThreads } from '../workers/reader-threads.ts'

/**
 * Raw bytes from which on reader threads are used. Starting one costs about 50 ms of CPU time, as much as reading this
 * many.
 */
const BYTES_WORTH_A_READER = 32 * 1024 * 1024
/** Workers per reader thread: a core reads about twice as many bytes as a worker processes. */
const WORKERS_A_READER = 2
/** Connections of all readers together, enough for the requests that S3 serves per prefix at 40 ms each. */
const CONNECTIONS = 256

/** Bytes that reader threads read ahead: about 300 objects of 220 KB, as many as are requested at once. */
const AHEAD_BYTES = 64 * 1024 * 1024

/** Program and settings of the reader threads. */
export interface ReaderProgram {
  /** The bundled `reader.mjs`. */
  readonly url: URL
  readonly settings: Pick<S3SourceSettings, 'region' | 'endpoint' | 'retrySeconds'>
  /** Returns credentials that are still valid; called each time that a thread needs them. */
  readonly credentials: () => Promise<Credentials>
  /** Number of threads. @default half as many as workers, none for a small day */
  readonly threads?: number | undefined
}

/** The client, the threads and the number of workers to choose a way of reading by. */
export interface OpenSourceOptions {
  /** Client that reads a small day in this thread. */
  readonly s3: S3
  /** Program of the reader threads. @default this thread reads every day */
  readonly readers?: ReaderProgram | undefined
  readonly workers: number
  readonly signal?: AbortSignal | undefined
}

/** A source of an order's raw objects, read by this thread or by reader threads; to be closed. */
export interface OpenSource {
  readonly source: Source | Reader
  readonly aheadBytes?: number
  close(): Promise<void>
}

/** Opens a source of an order's raw objects, with as many threads as its bytes justify. */
export function openSource(
  { rawBucket: bucket, inputs }: Pick<WorkOrder, 'rawBucket' | 'inputs'>,
  { s3, readers, workers, signal }: OpenSourceOptions,
): OpenSource {
  const bytes = inputs.reduce((sum, { size }) => sum + size, 0)
  const worth = bytes < BYTES_WORTH_A_READER ? 0 : Math.ceil(workers / WORKERS_A_READER)
  const threads = readers?.threads ?? worth
  if (!readers || threads === 0) return { source: s3Source(s3, bucket), close: () => Promise.resolve() }
  const connections = Math.ceil(CONNECTIONS / threads)
  const settings: S3SourceSettings = { ...readers.settings, bucket, connections, rate: rateMemory() }
  const { url: readerUrl, credentials } = readers
  const reader = readerThreads({ threads, readerUrl, settings, credentials, signal })
  return { source: reader, aheadBytes: AHEAD_BYTES, close: () => reader.close() }
}
