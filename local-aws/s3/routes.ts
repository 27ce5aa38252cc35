import type { IncomingHttpHeaders } from 'node:http'
import { notImplemented } from './errors.ts'
import {
  abortMultipartUpload,
  createMultipartUpload,
  uploadPart,
  uploadPartCopy,
} from './operations/upload-parts.ts'
import { completeMultipartUpload } from './operations/complete-upload.ts'
import { copyObject } from './operations/copy-object.ts'
import { createBucket, headBucket } from './operations/buckets.ts'
import { deleteObject, deleteObjects } from './operations/delete-objects.ts'
import { getObject, headObject } from './operations/get-object.ts'
import { listObjectsV2 } from './operations/list-objects.ts'
import type { Operation } from './operation.ts'
import { putObject } from './operations/put-object.ts'
import type { Uploads } from './storage/uploads.ts'

/** An operation and what it understands: everything else that could change its meaning is refused. */
export interface Route {
  readonly name: string
  readonly run: Operation
  /** Query parameters. */
  readonly query: readonly string[]
  /** Headers that begin with `x-amz-`, and conditions; beside those that every request may have. */
  readonly headers: readonly string[]
}

const WRITE = ['if-match', 'if-none-match', 'x-amz-meta-*']
// Of the request's own body; some settings have the SDK send them without a body, too.
const CHECKSUMS = ['x-amz-sdk-checksum-algorithm', 'x-amz-checksum-*', 'x-amz-trailer']
const READ = ['range', 'if-match', 'if-none-match', 'x-amz-checksum-mode', ...CHECKSUMS]
const BODY = [...CHECKSUMS, 'x-amz-decoded-content-length']
const SOURCE = ['x-amz-copy-source', 'x-amz-copy-source-if-match', 'x-amz-copy-source-if-none-match']
const LIST = [
  'list-type',
  'prefix',
  'delimiter',
  'continuation-token',
  'start-after',
  'max-keys',
  'encoding-type',
]

/** Finds the operation of a request. */
export function createRouter(uploads: Uploads) {
  const route = (
    name: string,
    run: Operation,
    query: readonly string[],
    headers: readonly string[],
  ): Route => ({
    name,
    run,
    query,
    headers,
  })
  const get = route('GetObject', getObject, [], READ)
  const head = route('HeadObject', headObject, [], READ)
  const put = route('PutObject', putObject, [], [...WRITE, ...BODY])
  const copy = route(
    'CopyObject',
    copyObject,
    [],
    [...WRITE, ...SOURCE, 'x-amz-metadata-directive', 'x-amz-checksum-algorithm'],
  )
  const remove = route('DeleteObject', deleteObject, [], ['if-match', ...CHECKSUMS])
  const removeMany = route('DeleteObjects', deleteObjects, ['delete'], CHECKSUMS)
  const list = route('ListObjectsV2', listObjectsV2, LIST, CHECKSUMS)
  const makeBucket = route('CreateBucket', createBucket, [], CHECKSUMS)
  const findBucket = route('HeadBucket', headBucket, [], CHECKSUMS)
  const part = ['partNumber', 'uploadId']
  const start = route(
    'CreateMultipartUpload',
    createMultipartUpload(uploads),
    ['uploads'],
    ['x-amz-meta-*', 'x-amz-checksum-algorithm', 'x-amz-checksum-type'],
  )
  const partOf = route('UploadPart', uploadPart(uploads), part, BODY)
  const copyPart = route('UploadPartCopy', uploadPartCopy(uploads), part, [
    ...SOURCE,
    'x-amz-copy-source-range',
  ])
  const complete = route(
    'CompleteMultipartUpload',
    completeMultipartUpload(uploads),
    ['uploadId'],
    ['if-match', 'if-none-match'],
  )
  const abort = route('AbortMultipartUpload', abortMultipartUpload(uploads), ['uploadId'], [])

  function ofBucket(method: string, query: URLSearchParams): Route | undefined {
    if (method === 'GET' && query.get('list-type') === '2') return list
    if (method === 'HEAD') return findBucket
    if (method === 'PUT') return makeBucket
    return method === 'POST' && query.has('delete') ? removeMany : undefined
  }

  function ofObject(method: string, query: URLSearchParams, headers: IncomingHttpHeaders): Route | undefined {
    const isCopy = headers['x-amz-copy-source'] !== undefined
    switch (method) {
      case 'GET':
        return get
      case 'HEAD':
        return head
      case 'PUT':
        if (query.has('partNumber')) return isCopy ? copyPart : partOf
        return isCopy ? copy : put
      case 'POST':
        if (query.has('uploads')) return start
        return query.has('uploadId') ? complete : undefined
      case 'DELETE':
        return query.has('uploadId') ? abort : remove
      default:
        return undefined
    }
  }

  /** @throws AwsError NotImplemented, naming the request or the part of it that is not understood */
  return (method: string, hasKey: boolean, query: URLSearchParams, headers: IncomingHttpHeaders): Route => {
    const found = hasKey ? ofObject(method, query, headers) : ofBucket(method, query)
    if (!found)
      throw notImplemented(`${method} of ${hasKey ? 'an object' : 'a bucket'} with "${query.toString()}"`)
    checkQuery(found, query)
    checkHeaders(found, headers)
    return found
  }
}

function checkQuery(route: Route, query: URLSearchParams): void {
  for (const name of query.keys()) {
    if (name !== 'x-id' && !route.query.includes(name)) {
      throw notImplemented(`the query parameter "${name}" of ${route.name}`)
    }
  }
}

// Of every request; none of them changes what it means here.
const COMMON = new Set(['x-amz-content-sha256', 'x-amz-date', 'x-amz-user-agent', 'x-amz-security-token'])
const CONDITIONS = new Set([
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  'if-range',
  'range',
])

function checkHeaders(route: Route, headers: IncomingHttpHeaders): void {
  for (const name in headers) {
    if (!(name.startsWith('x-amz-') ? !COMMON.has(name) : CONDITIONS.has(name))) continue
    if (!route.headers.some((allowed) => fits(allowed, name))) {
      throw notImplemented(`the header "${name}" of ${route.name}`)
    }
  }
}

function fits(allowed: string, name: string): boolean {
  return allowed.endsWith('*') ? name.startsWith(allowed.slice(0, -1)) : allowed === name
}
