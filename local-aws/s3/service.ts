import { mkdirSync } from 'node:fs'
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { join, resolve } from 'node:path'
import { SYSTEM_CLOCK, type Clock } from '../clock.ts'
import type { Access, Authorize, FileUse } from '../iam/access.ts'
import { applyFault } from '../protocol/apply-fault.ts'
import type { Faults } from '../protocol/faults.ts'
import { sendError, sendOutput } from '../protocol/rest-xml/answer.ts'
import type { Members } from '../protocol/rest-xml/headers.ts'
import { readRequest } from '../protocol/rest-xml/request.ts'
import { createRouter } from '../protocol/rest-xml/router.ts'
import { asAwsError, AwsError, readBody, type Caller, type Service } from '../protocol/service.ts'
import { listAccess } from './accesses.ts'
import type { S3Call, S3Operation } from './operation.ts'
import { createBucket } from './operations/buckets.ts'
import { S3_OPERATIONS } from './operations/index.ts'
import { walk, type Listings } from './storage/list.ts'
import { createSidecars } from './storage/sidecars.ts'
import { createStore, type Store } from './storage/store.ts'
import { createTempFiles, fileSystemNow } from './storage/temp-files.ts'
import { createTree, notAFile, type Mount } from './storage/tree.ts'
import { createUploads } from './storage/uploads.ts'
import { createVersions, type VersionedBucket } from './storage/versions.ts'
import { parseCopySource } from './wire/parse-copy-source.ts'
import { verifyBody } from './wire/sent-checksum.ts'
import { parseUrl } from './wire/url.ts'

export type { VersionedBucket } from './storage/versions.ts'

/** Options of {@link s3Service}. */
export interface S3Options {
  /** Folder of the buckets: objects are plain files at `<root>/<bucket>/<key>`. Created if absent. */
  readonly root: string
  /** Folder for metadata and temporary files, outside `root` and on the same file system. Created if absent. */
  readonly metaRoot: string
  /** Folders of this machine whose files appear as objects, read-only. @default none */
  readonly mounts?: readonly Mount[]
  /** Buckets that keep older versions of objects. @default none */
  readonly versioned?: readonly VersionedBucket[]
  /**
   * Seconds by which objects that were written before the service started appear older than they are. So leases of
   * processes that have ended since count as expired.
   * @default 0
   */
  readonly ageEarlierObjectsSeconds?: number
  /**
   * Clock for the times of objects, and for the expiry of versions and restored copies.
   * @default this machine's clock
   */
  readonly clock?: Clock | undefined
  /**
   * Checks that the sender of a request has the permissions that it needs.
   * @throws AwsError AccessDenied
   * @default no check: every caller may do everything
   */
  readonly authorize?: Authorize | undefined
  /**
   * Called with messages about errors of the service itself, because the answer to a HEAD request cannot contain them.
   * @default no call
   */
  readonly log?: ((line: string) => void) | undefined
  /**
   * Functions that make up the listings of buckets, by bucket, to simulate more objects than there are.
   * @default what the buckets hold
   */
  readonly listings?: Listings | undefined
  /** Faults to inject into calls. @default none */
  readonly faults?: Faults | undefined
}

/** An object in a listing of a bucket. */
export interface ListedObject {
  readonly key: string
  /** Size in bytes. */
  readonly size: number
  /** ETag without quotes. */
  readonly etag: string
}

/** The local S3. The local Glue and Athena use its methods; SDK clients use it over HTTP. */
export interface S3Service extends Service {
  /**
   * Returns the path of an object's file, whether it exists or not. For a key that ends with a slash, it is the folder
   * of that prefix.
   *
   * @param use `write` to write the file; by default, to read or to list
   * @throws AwsError NoSuchBucket, InvalidBucketName; NotImplemented for a key that no file can have; AccessDenied to
   * write into a mounted folder
   */
  readonly filePath: (bucket: string, key: string, use?: FileUse) => string
  /**
   * Returns all objects whose keys begin with `prefix`, in the order of the keys' UTF-8 bytes. Holds all of them in
   * memory.
   *
   * @throws AwsError NoSuchBucket, InvalidBucketName
   */
  readonly listObjects: (bucket: string, prefix: string) => ListedObject[]
}

/**
 * Creates the local S3, which keeps each object as a plain file at its key. Pass the result to `startEndpoint`.
 * Operations, headers and parameters that are not implemented are refused by name with NotImplemented (501). Keys that
 * no file can have are refused as well, and keys that continue another key after a slash.
 */
export function s3Service(options: S3Options): S3Service {
  const { faults, authorize: authorizeCaller, clock = SYSTEM_CLOCK, listings = {} } = options
  const store = openStore(options)
  const uploads = createUploads(store.temp)

  async function answer(request: IncomingMessage, response: ServerResponse, caller: Caller): Promise<void> {
    const { bucket, key, query } = parseUrl(request.url!)
    const operation = route(request.method!, key !== '', query, request.headers)
    const input = readRequest(operation.request, request.headers, query, { Bucket: bucket, Key: key })
    if (operation !== createBucket) store.checkBucket(bucket)
    const authorize = (accesses: readonly Access[]) => authorizeCaller?.(caller, accesses)
    if (authorizeCaller) authorize(operation.accesses(input as never))
    const place = { service: 's3', operation: operation.name, bucket, caller }
    const fault = faults?.next({ ...place, key: key || undefined })
    const wrote = async (written: string) => faults?.wrote({ ...place, key: written })
    const work = () =>
      serve(operation, input, { store, uploads, listings, clock, request, authorize, wrote, fault }, response)
    await (faults ? applyFault(fault, response, work) : work())
  }

  return {
    signingName: 's3',
    async handle(request, response, caller) {
      try {
        await answer(request, response, caller)
      } catch (error) {
        // The client is gone, or a fault broke the connection.
        if (response.destroyed) return
        if (response.headersSent) throw error
        const known = asAwsError(error)
        if (!(error instanceof AwsError)) options.log?.(`S3: ${known.code}: ${known.message}`)
        sendError(known, request, response, commonHeaders())
      }
    },
    filePath(bucket, key, use) {
      store.checkBucket(bucket)
      if (use === 'write') return store.tree.writablePath(bucket, key)
      const path = store.tree.path(bucket, key.replace(/\/$/, ''))
      if (path === undefined) throw notAFile(key, 'segments other than "." and ".."')
      return path
    },
    listObjects(bucket, prefix) {
      store.checkBucket(bucket)
      return [...walk(store.tree, bucket, { prefix, after: '', folders: false })].flatMap((key) => {
        const object = store.find(bucket, key)
        return object ? [{ key, size: object.size, etag: object.etag }] : []
      })
    },
  }
}

const route = createRouter(S3_OPERATIONS)

/** Runs an operation and answers with its output, in the same turn unless the operation waits. */
async function serve(
  operation: S3Operation,
  input: Members,
  call: S3Call,
  response: ServerResponse,
): Promise<void> {
  if (operation.request.document) await readDocument(operation, input, call)
  try {
    const output = operation.run(input as never, call)
    const known = output instanceof Promise ? await output : output
    await sendOutput(operation.answer, known, response, commonHeaders())
  } catch (error) {
    if (error instanceof AwsError && error.code === 'NoSuchKey') call.authorize([missingAccess(input)])
    throw error
  }
}

/** Adds the XML body to the input. */
async function readDocument({ request }: S3Operation, input: Members, call: S3Call): Promise<void> {
  const body = await readBody(call.request)
  verifyBody(call.request.headers, body)
  if (body.length > 0) input[request.document!.member] = request.document!.read(body)
}

/** Returns the permission to learn that an object does not exist. */
function missingAccess(input: Members): Access {
  const { Bucket, CopySource } = input as { readonly Bucket: string; readonly CopySource?: string }
  return listAccess(CopySource === undefined ? Bucket : parseCopySource(CopySource).bucket)
}

let answers = 0

/** Returns the headers of every answer. */
function commonHeaders(): OutgoingHttpHeaders {
  answers += 1
  const id = answers.toString(16).toUpperCase().padStart(16, '0')
  return { 'x-amz-request-id': id, Server: 'AmazonS3' }
}

function openStore(options: S3Options): Store {
  const { mounts = [], ageEarlierObjectsSeconds: seconds = 0, clock = SYSTEM_CLOCK } = options
  const root = resolve(options.root)
  const metaRoot = resolve(options.metaRoot)
  mkdirSync(root, { recursive: true })
  // Cannot clash: names of buckets do not begin with a dot.
  const temp = createTempFiles(join(metaRoot, '.temp'))
  // Likewise.
  const versions = createVersions(join(metaRoot, '.versions'), options.versioned ?? [])
  if (seconds > 0) versions.expire(clock.now())
  return createStore({
    versions,
    tree: createTree(root, mounts),
    sidecars: createSidecars(metaRoot, temp.newFile),
    temp,
    clock,
    log: options.log,
    aging: seconds > 0 ? { before: fileSystemNow(temp) + clock.ahead, seconds } : undefined,
  })
}
