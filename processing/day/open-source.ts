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

/** Program and settings of reader threads, which read raw objects from S3 beside the main thread. */
export interface ReaderProgram {
  /** URL of the bundled `reader.mjs`. */
  readonly url: URL
  readonly settings: Pick<S3SourceSettings, 'region' | 'endpoint' | 'retrySeconds'>
  /** Returns credentials that are still valid; called whenever a thread needs them. */
  readonly credentials: () => Promise<Credentials>
  /** Number of threads. @default half the number of workers, rounded up; none for a small day */
  readonly threads?: number | undefined
}

/** Means to read raw objects in this thread or in reader threads. */
export interface OpenSourceOptions {
  /** Client for reading in this thread. */
  readonly s3: S3
  /** Program of the reader threads. @default every day is read in this thread */
  readonly readers?: ReaderProgram | undefined
  /** Number of workers of the job, from which the number of reader threads follows. */
  readonly workers: number
  /** When it is aborted, all reads of reader threads fail. */
  readonly signal?: AbortSignal | undefined
}

/** Access to the bytes of a work order's raw objects. Close it when they are read. */
export interface OpenSource {
  /** Provides the raw bytes: a `Source` for this thread, a `Reader` if there are reader threads. */
  readonly source: Source | Reader
  /** Bytes to read ahead of the workers. @default that of `processDay` */
  readonly aheadBytes?: number
  /** Ends the reader threads, if there are any. */
  close(): Promise<void>
}

/**
 * Opens access to the raw objects of a work order. They are read in this thread if they have less than 32 MiB or there
 * is no program for reader threads, else in reader threads.
 */
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
