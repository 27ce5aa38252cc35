import { closeSync, constants, createReadStream, fstatSync, openSync, readSync } from 'node:fs'
import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { AwsError } from '../../protocol/aws-error.ts'
import { answerHeaders, sendEmpty } from '../answers.ts'
import { noSuchKey, notImplemented } from '../errors.ts'
import { checkRead } from '../storage/conditions.ts'
import type { Operation, S3Request } from '../operation.ts'
import { READ_BUFFER_BYTES, takeReadBuffer } from '../wire/read-buffers.ts'
import { isAbsent } from '../storage/stat.ts'
import type { StoredObject } from '../storage/store.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
export const headObject: Operation = (call) => {
  const object = call.store.find(call.bucket, call.key)
  if (!object) throw noSuchKey(call.key)
  const answer = prepare(call, object)
  if (!answer) return
  call.response.writeHead(answer.status, answer.headers)
  call.response.end()
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export const getObject: Operation = async (call) => {
  const { store, bucket, key, response } = call
  const path = store.tree.path(bucket, key)
  const fd = path === undefined ? undefined : openObject(path)
  if (fd === undefined) throw noSuchKey(key)
  let isStreaming = false
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile()) throw noSuchKey(key)
    // What is described is what is open, whatever is renamed to its name meanwhile.
    const answer = prepare(call, store.describe(bucket, key, path!, stats))
    if (!answer) return
    response.writeHead(answer.status, answer.headers)
    if (answer.length > READ_BUFFER_BYTES) {
      isStreaming = true
      await sendStream(response, fd, answer.start, answer.length)
    } else if (answer.length > 0) {
      // In one go, without a round trip to another thread: that costs a fraction of a stream.
      const { bytes, release } = takeReadBuffer(answer.length)
      response.end(readInto(bytes, fd, answer.start), release)
    } else response.end()
  } finally {
    if (!isStreaming) closeSync(fd)
  }
}

function openObject(path: string): number | undefined {
  try {
    // A named pipe would block without O_NONBLOCK.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}

/** Fills `bytes` from the file; fails when the file has become shorter than it was. */
function readInto(bytes: Buffer, fd: number, start: number): Buffer {
  let filled = 0
  while (filled < bytes.length) {
    const count = readSync(fd, bytes, filled, bytes.length - filled, start + filled)
    if (count === 0) throw new Error('The file was cut short while it was read.')
    filled += count
  }
  return bytes
}

async function sendStream(
  response: ServerResponse,
  fd: number,
  start: number,
  length: number,
): Promise<void> {
  const end = start + length - 1
  const file = createReadStream('', { fd, start, end, highWaterMark: READ_BUFFER_BYTES, autoClose: true })
  try {
    await pipeline(file, response)
  } catch {
    // The client has gone, or was sent away by a fault.
  }
}

interface Answer {
  readonly status: number
  readonly headers: OutgoingHttpHeaders
  readonly start: number
  readonly length: number
}

/** Status, headers and range of the answer; undefined when it has been answered: not modified. */
function prepare(call: S3Request, object: StoredObject): Answer | undefined {
  const { headers } = call.request
  const etag = call.fault?.kind === 'changed' ? `${object.etag}-changed` : object.etag
  const { modified } = checkRead(etag, headers['if-match'], headers['if-none-match'])
  const described = describingHeaders(object, etag, headers)
  if (!modified) {
    sendEmpty(call.response, 304, described)
    return undefined
  }
  const range = parseRange(headers.range, object.size)
  if (!range) {
    const whole = { 'Content-Length': object.size, ...described }
    return { status: 200, headers: answerHeaders(whole), start: 0, length: object.size }
  }
  const { start, end } = range
  const length = end - start + 1
  const partial = {
    'Content-Length': length,
    'Content-Range': `bytes ${start}-${end}/${object.size}`,
    ...described,
  }
  return { status: 206, headers: answerHeaders(partial), start, length }
}

function describingHeaders(
  object: StoredObject,
  etag: string,
  asked: IncomingHttpHeaders,
): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {
    ETag: `"${etag}"`,
    'Last-Modified': new Date(object.lastModified).toUTCString(),
    'Accept-Ranges': 'bytes',
    'Content-Type': 'binary/octet-stream',
  }
  if (!object.meta) return headers
  const { 'content-type': type = 'binary/octet-stream', ...others } = object.meta.headers
  Object.assign(headers, { 'Content-Type': type }, others)
  const { checksum } = object.meta
  if (checksum && asked['x-amz-checksum-mode'] === 'ENABLED' && asked.range === undefined) {
    headers[checksum.header] = checksum.value
    headers['x-amz-checksum-type'] = checksum.type
  }
  return headers
}

/**
 * First and last byte of a range, or undefined for the whole object: without a range, or with one that is not in
 * bytes, which HTTP has servers ignore.
 *
 * @throws AwsError InvalidRange when no byte of it exists
 */
export function parseRange(
  header: string | undefined,
  size: number,
): { readonly start: number; readonly end: number } | undefined {
  if (header?.startsWith('bytes=') !== true) return undefined
  if (header.includes(',')) throw notImplemented(`several ranges at once (Range: ${header})`)
  const match = /^bytes=(\d*)-(\d*)$/.exec(header)
  if (!match || (match[1] === '' && match[2] === '')) return undefined
  const [, from, to] = match
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  if (from !== '' && to !== '' && Number(to) < start) return undefined
  if (start >= size || (from === '' && Number(to) === 0)) {
    throw new AwsError(
      'InvalidRange',
      `The requested range is not satisfiable: ${header} of ${size} bytes.`,
      416,
    )
  }
  return { start, end }
}
