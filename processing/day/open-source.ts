import type { WorkOrder } from '../../core/work-order.ts'
import type { Reader } from '../read/reader.ts'
import { rateMemory } from '../s3/adaptive-rate.ts'
import type { S3 } from '../s3/client.ts'
import { s3Source, type S3SourceSettings } from '../s3/s3-source.ts'
import type { Credentials } from '../s3/sign.ts'
import type { Source } from '../read/source.ts'
import { readerThreads } from '../workers/reader-threads.ts'

/** Raw bytes from which on threads read. To start one costs some 50 ms of CPU time, as much as to read so many. */
const BYTES_WORTH_A_READER = 32 * 1024 * 1024
/** A core reads about twice as many bytes as workers make features of. */
const WORKERS_A_READER = 2
/** Connections of all readers: what S3 serves of a prefix at 40 ms a request. */
const CONNECTIONS = 256

/** Bytes that they read ahead: some 300 objects of 220 KB, as many as are asked for at once. */
const AHEAD_BYTES = 64 * 1024 * 1024

/** What starts threads that read. */
export interface ReaderProgram {
  /** The bundled `reader.mjs`. */
  readonly url: URL
  readonly settings: Pick<S3SourceSettings, 'region' | 'endpoint' | 'retrySeconds'>
  /** What signs requests, as fresh as they need it. */
  readonly credentials: () => Promise<Credentials>
  /** @default half as many as workers, none for a small day */
  readonly threads?: number | undefined
}

export interface OpenSourceOptions {
  /** Reads a small day, in this thread. */
  readonly s3: S3
  /** @default this thread reads */
  readonly readers?: ReaderProgram | undefined
  readonly workers: number
  readonly signal?: AbortSignal | undefined
}

/** The raw objects of an order, as this thread or others read them. */
export interface OpenSource {
  readonly source: Source | Reader
  readonly aheadBytes?: number
  close(): Promise<void>
}

/** Opens what reads the raw objects of an order, in as many threads as they are worth. */
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
