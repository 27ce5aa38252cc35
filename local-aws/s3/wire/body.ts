import { writeFileSync } from 'node:fs'
import { open, rm, type FileHandle } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { AwsError } from '../../protocol/aws-error.ts'
import { createChunkDecoder, type ChunkDecoder } from './aws-chunked.ts'
import { createDigester, type ChecksumAlgorithm, type Digests } from '../storage/checksums.ts'
import { sentAlgorithm, verifyDigests } from './sent-checksum.ts'

/** A request body that has arrived completely and matches the checksums that were sent with it. */
export interface ReceivedBody extends Digests {
  /** Path of the file with the body. */
  readonly path: string
  /** Size in bytes. */
  readonly size: number
}

/** Bytes gathered before a write. */
const BATCH_BYTES = 1024 * 1024

/**
 * Writes the body of a request to a new file at `path` and verifies length and checksums. Holds about a megabyte in
 * memory, plus what the socket delivers at once. If it throws, it removes the file.
 *
 * @param algorithm algorithm of a checksum to compute if the client sends none
 * @throws AwsError BadDigest, IncompleteBody, MissingContentLength and the like for a body that does not match its
 * headers
 */
export async function receiveBody(
  request: IncomingMessage,
  path: string,
  algorithm?: ChecksumAlgorithm,
): Promise<ReceivedBody> {
  const sent = sentAlgorithm(request.headers)
  const digester = createDigester(sent ?? algorithm)
  const decoder = isChunked(request) ? createChunkDecoder() : undefined
  announcedLength(request.headers, decoder !== undefined)
  const file = createBatchedFile(path)
  try {
    for await (const bytes of request as AsyncIterable<Buffer>) {
      for (const data of decoder ? decoder.push(bytes) : [bytes]) {
        digester.update(data)
        await file.write(data)
      }
    }
    const size = await file.close()
    checkLength(request, decoder, size)
    const digests = digester.digests()
    verifyDigests(digests, sent, { ...request.headers, ...decoder?.trailers })
    return { path, size, ...digests }
  } catch (error) {
    await file.close()
    await rm(path, { force: true })
    throw error
  }
}

function isChunked({ headers }: IncomingMessage): boolean {
  const payload = headers['x-amz-content-sha256']
  return (
    (typeof payload === 'string' && payload.startsWith('STREAMING-')) ||
    contentCodings(headers['content-encoding']).chunked
  )
}

/**
 * Splits the value of a Content-Encoding header. `chunked` is true if it contains `aws-chunked`; `kept` are the other
 * codings, to keep with the object, undefined if there are none.
 */
export function contentCodings(header = ''): {
  readonly chunked: boolean
  readonly kept: string | undefined
} {
  const codings = header.split(',').map((coding) => coding.trim())
  const kept = codings.filter((coding) => coding !== '' && coding !== 'aws-chunked').join(',')
  return { chunked: codings.includes('aws-chunked'), kept: kept || undefined }
}

/**
 * Returns the announced size in bytes.
 *
 * @throws AwsError MissingContentLength: S3 takes no body of unknown length
 */
function announcedLength(headers: IncomingMessage['headers'], isChunkedBody: boolean): number {
  const length = isChunkedBody ? headers['x-amz-decoded-content-length'] : headers['content-length']
  if (length !== undefined) return Number(length)
  throw new AwsError('MissingContentLength', 'You must provide the Content-Length HTTP header.', 411)
}

function checkLength({ headers }: IncomingMessage, decoder: ChunkDecoder | undefined, size: number): void {
  const ended = decoder?.ended ?? true
  const announced = announcedLength(headers, decoder !== undefined)
  if (ended && announced === size) return
  throw new AwsError('IncompleteBody', `Body: expected ${announced} bytes, found ${size}.`)
}

/** Creates a file that is written in batches; a small one in a single call, without a round trip to another thread. */
function createBatchedFile(path: string) {
  let handle: FileHandle | undefined
  let batch: Buffer[] = []
  let batchBytes = 0
  let size = 0
  let isClosed = false

  async function flush(): Promise<void> {
    const bytes = Buffer.concat(batch)
    batch = []
    batchBytes = 0
    handle ??= await open(path, 'wx')
    await handle.appendFile(bytes)
  }

  return {
    async write(chunk: Buffer): Promise<void> {
      batch.push(chunk)
      batchBytes += chunk.length
      size += chunk.length
      if (batchBytes >= BATCH_BYTES) await flush()
    },
    /** Writes the rest and returns the size in bytes. */
    async close(): Promise<number> {
      if (isClosed) return size
      isClosed = true
      if (!handle) {
        writeFileSync(path, batch.length === 1 ? batch[0]! : Buffer.concat(batch))
        return size
      }
      try {
        await flush()
      } finally {
        await handle.close()
      }
      return size
    },
  }
}
