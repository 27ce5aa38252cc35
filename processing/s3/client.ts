import { crc32 } from 'node:zlib'
import { XMLParser } from 'fast-xml-parser'
import { OwnError } from '../../core/errors.ts'
import { httpClient, type HttpRequest, type HttpResponse } from './http.ts'
import { openRetries, TransientError } from './retry.ts'
import { canonicalQuery, encodeKey, s3Signer, type Credentials } from './sign.ts'

/** Region, endpoint and credentials of S3, and limits of requests. */
export interface S3Options {
  readonly region: string
  /** Endpoint to use instead of AWS's; buckets are then addressed in path style. @default AWS */
  readonly endpoint?: string | undefined
  /** Returns credentials that are still valid; called for each request. */
  readonly credentials: () => Promise<Credentials>
  /** Maximum number of requests at once. @default 64 */
  readonly connections?: number
  /** When it is aborted, reads and uploads of parts fail; requests that clean up are still sent. */
  readonly signal?: AbortSignal | undefined
  /** Seconds for which a failed request is repeated. @default 600 */
  readonly retrySeconds?: number | undefined
  /** Memory of the limit of requests per second, to share it with other clients. @default a limit of its own */
  readonly rate?: SharedArrayBuffer | undefined
}

/** An error that S3 has answered and that repeating the request does not mend. */
export class S3Error extends OwnError {
  /** HTTP status of the answer. */
  readonly status: number
  /** S3's error code, such as `NoSuchKey` or `PreconditionFailed`. */
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.name = code
    this.status = status
    this.code = code
  }
}

/** An object in a bucket, or a range of its bytes. */
export interface ObjectRange {
  readonly bucket: string
  readonly key: string
  /** ETag without quotes; an object with another one is not read. @default any */
  readonly ifMatch?: string
  /** Position of the first byte, from 0. A range needs `bytes` as well. @default the whole object */
  readonly start?: number
  /** Number of bytes. @default the whole object */
  readonly bytes?: number
}

/**
 * Calls to S3 that the job makes, with less CPU time per call than the SDK's: a day takes tens of thousands. Errors
 * that may pass are retried, and requests are sent at the rate that S3 accepts.
 */
export interface S3 {
  /**
   * Reads a range of an object into `target`, which must have its length. `size` is the size of the whole object.
   *
   * @throws DayfoldError S3Throttled, as every other call, if S3 throttles for too long
   * @throws S3Error if the object is missing or has another ETag
   */
  read(
    range: ObjectRange & { readonly start: number; readonly bytes: number; readonly size: number },
    target: Uint8Array,
  ): Promise<void>
  /** Reads a whole object, or a range of it. */
  get(range: ObjectRange): Promise<Buffer>
  /** Writes a whole object. */
  put(bucket: string, key: string, body: Uint8Array): Promise<void>
  /** Begins a multipart upload and returns its id. */
  createUpload(bucket: string, key: string): Promise<string>
  /**
   * Uploads one part of a multipart upload.
   *
   * @param number of the part, from 1
   */
  uploadPart(upload: Upload, number: number, body: Uint8Array): Promise<UploadedPart>
  /**
   * Makes the object of its uploaded parts.
   *
   * @param parts in the order of their numbers
   */
  completeUpload(upload: Upload, parts: readonly UploadedPart[]): Promise<void>
  /** Ends an upload and discards its parts. */
  abortUpload(upload: Upload): Promise<void>
  /** Closes all connections. */
  close(): Promise<void>
}

/** A multipart upload that has begun. */
export interface Upload {
  readonly bucket: string
  readonly key: string
  /** S3's upload id. */
  readonly id: string
}

/** A part of a multipart upload, as S3 has answered for it. */
export interface UploadedPart {
  /** Number of the part, from 1. */
  readonly number: number
  /** ETag of the part, with its quotes. */
  readonly etag: string
  /** CRC32 of its bytes, in base64. */
  readonly checksum: string
}

const TRANSIENT_STATUS = new Set([408, 429, 500, 502, 503, 504])
const TRANSIENT_CODES = new Set([
  'RequestTimeout',
  'SlowDown',
  'InternalError',
  'ExpiredToken',
  'RequestTimeTooSkewed',
])
const IDLE_SECONDS = 60

interface Call {
  readonly method: HttpRequest['method']
  readonly bucket: string
  readonly key: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
  readonly isInterruptible?: boolean
}

/** Opens a client of S3. Close it at the end. */
export function s3Client(options: S3Options): S3 {
  const http = httpClient({ connections: options.connections ?? 64, idleSeconds: IDLE_SECONDS })
  const sign = s3Signer(options.region)
  const retries = openRetries({ signal: options.signal, seconds: options.retrySeconds, rate: options.rate })
  const named = (bucket: string, key: string) => `s3://${bucket}/${key}`
  options.signal?.addEventListener('abort', () => http.interrupt(), { once: true })

  return {
    read: (range, target) =>
      retries.run(
        named(range.bucket, range.key),
        async () => {
          const call: Call = { method: 'GET', ...range, headers: rangeHeaders(range), isInterruptible: true }
          const { received } = await send(call, target)
          if (received !== target.length) throw new TransientError(`${range.key}: the answer was cut short`)
        },
        true,
      ),
    get: (range) =>
      retries.run(named(range.bucket, range.key), async () => {
        const headers = { ...rangeHeaders(range), 'x-amz-checksum-mode': 'ENABLED' }
        const answer = await send({ method: 'GET', ...range, headers })
        if (!isComplete(answer, range)) throw new TransientError(`${range.key}: the answer was cut short`)
        return answer.body
      }),
    put: async (bucket, key, body) => {
      const headers = checksumHeaders(body)
      await retries.run(named(bucket, key), () => send({ method: 'PUT', bucket, key, body, headers }))
    },
    createUpload: async (bucket, key) => {
      const headers = { 'x-amz-checksum-algorithm': 'CRC32' }
      const { body } = await retries.run(named(bucket, key), () =>
        send({ method: 'POST', bucket, key, query: { uploads: '' }, headers }),
      )
      return textOf(body, 'UploadId')
    },
    uploadPart: async ({ bucket, key, id }, number, body) => {
      const headers = checksumHeaders(body)
      const query = { partNumber: String(number), uploadId: id }
      const answer = await retries.run(
        named(bucket, key),
        () => send({ method: 'PUT', bucket, key, query, headers, body, isInterruptible: true }),
        true,
      )
      return { number, etag: String(answer.headers['etag']), checksum: headers['x-amz-checksum-crc32'] }
    },
    completeUpload: async ({ bucket, key, id }, parts) => {
      const listed = parts.map(
        ({ number, etag, checksum }) =>
          `<Part><PartNumber>${number}</PartNumber><ETag>${escape(etag)}</ETag><ChecksumCRC32>${checksum}</ChecksumCRC32></Part>`,
      )
      const body = `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${listed.join('')}</CompleteMultipartUpload>`
      const complete = () => send({ method: 'POST', bucket, key, query: { uploadId: id }, body })
      let tries = 0
      await retries.run(named(bucket, key), async () => {
        tries++
        const answer = await complete().catch(async (error: unknown) => {
          // The answer to an earlier try may have been lost: then the upload is gone and the object in place.
          if (tries > 1 && isNoSuchUpload(error) && (await isInPlace(bucket, key, parts))) return undefined
          throw error
        })
        if (!answer) return
        // A completion that fails late answers 200 with an error in its body.
        // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
        if (answer.body.includes('<Error>'))
          throw new TransientError(`${key}: ${textOf(answer.body, 'Message')}`)
      })
    },
    abortUpload: async ({ bucket, key, id }) => {
      await retries.run(named(bucket, key), () =>
        send({ method: 'DELETE', bucket, key, query: { uploadId: id } }),
      )
    },
    close: () => http.close(),
  }

  /** True if the object is made of these parts: its checksum is computed from theirs. */
  async function isInPlace(bucket: string, key: string, parts: readonly UploadedPart[]): Promise<boolean> {
    const headers = { 'x-amz-checksum-mode': 'ENABLED' }
    const answer = await send({ method: 'HEAD', bucket, key, headers }).catch((error: unknown) => {
      if (error instanceof S3Error) return undefined
      throw error
    })
    const checksums = Buffer.concat(parts.map(({ checksum }) => Buffer.from(checksum, 'base64')))
    const expected = `${checksumHeaders(checksums)['x-amz-checksum-crc32']}-${parts.length}`
    return answer?.headers['x-amz-checksum-crc32'] === expected
  }

  async function send(call: Call, target?: Uint8Array): Promise<HttpResponse> {
    const { method, bucket, key, query = {}, body, isInterruptible = false } = call
    const { origin, host, path } = place(options, bucket, key)
    const length: Record<string, string> =
      body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const headers = sign(
      { method, host, path, query, headers: { ...call.headers, ...length } },
      await options.credentials(),
      new Date(),
    )
    const full = Object.keys(query).length > 0 ? `${path}?${canonicalQuery(query)}` : path
    const request = {
      origin,
      method,
      path: full,
      headers,
      isInterruptible,
      ...(body !== undefined && { body }),
    }
    const answer = await http.send(request, target).catch((cause: Error) => {
      throw new TransientError(`${key}: ${cause.message}`, { cause })
    })
    if (answer.status < 300) return answer
    throw errorOf(answer, bucket, key)
  }
}

const isNoSuchUpload = (error: unknown) => error instanceof S3Error && error.code === 'NoSuchUpload'

function rangeHeaders({
  ifMatch,
  start,
  bytes,
  size,
}: ObjectRange & { size?: number }): Record<string, string> {
  const isWhole = start === undefined || bytes === undefined || (start === 0 && bytes === size)
  return {
    ...(ifMatch !== undefined && { 'if-match': `"${ifMatch}"` }),
    ...(!isWhole && { range: `bytes=${start}-${start + bytes - 1}` }),
  }
}

/** True if an answer is complete: by its length, and by the object's checksum if all of it was asked for. */
function isComplete({ status, headers, body }: HttpResponse, { bytes }: ObjectRange): boolean {
  if (body.length !== (bytes ?? Number(headers['content-length'] ?? body.length))) return false
  const checksum = headers['x-amz-checksum-crc32']
  // The checksum of an object that was uploaded in parts is computed from the parts' checksums, and ends with their
  // number.
  if (status !== 200 || typeof checksum !== 'string' || checksum.includes('-')) return true
  return checksum === checksumHeaders(body)['x-amz-checksum-crc32']
}

function checksumHeaders(body: Uint8Array): { 'x-amz-checksum-crc32': string } {
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(body))
  return { 'x-amz-checksum-crc32': checksum.toString('base64') }
}

/** Returns the address of an object. https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html */
function place({ endpoint, region }: S3Options, bucket: string, key: string) {
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
  if (endpoint === undefined && !bucket.includes('.')) {
    const host = `${bucket}.s3.${region}.${suffix}`
    return { origin: `https://${host}`, host, path: `/${encodeKey(key)}` }
  }
  const { origin, host } = new URL(endpoint ?? `https://s3.${region}.${suffix}`)
  return { origin, host, path: `/${bucket}/${encodeKey(key)}` }
}

function errorOf({ status, body }: HttpResponse, bucket: string, key: string): Error {
  const code = textOf(body, 'Code') || `Status${status}`
  const message = `s3://${bucket}/${key}: S3 answered ${status} ${code}: ${textOf(body, 'Message')}`
  if (TRANSIENT_STATUS.has(status) || TRANSIENT_CODES.has(code))
    return new TransientError(message, { status })
  return new S3Error(status, code, message)
}

/** Returns the text of an element anywhere in an answer; empty if there is none. */
function textOf(body: Buffer, element: string): string {
  if (body.length === 0) return ''
  const document: unknown = new XMLParser({ parseTagValue: false }).parse(body)
  return find(document) ?? ''

  function find(node: unknown): string | undefined {
    if (typeof node !== 'object' || node === null) return undefined
    for (const [name, value] of Object.entries(node)) {
      if (name === element && typeof value === 'string') return value
      const found = find(value)
      if (found !== undefined) return found
    }
    return undefined
  }
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
}
