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

export interface S3Options {
  /** Folder of the buckets: objects are plain files at `<root>/<bucket>/<key>`. Made when absent. */
  readonly root: string
  /** Folder for metadata and temporary files, outside of `root` and on the same file system. Made when absent. */
  readonly metaRoot: string
  /** Read-only folders shown at prefixes. @default none */
  readonly mounts?: readonly Mount[]
  /** Buckets that keep older versions of objects. @default none */
  readonly versioned?: readonly VersionedBucket[]
  /**
   * Objects from before the start of this service are reported this much older than they are: whoever wrote them
   * is gone. @default 0
   */
  readonly ageEarlierObjectsSeconds?: number
  /**
   * What Last-Modified goes by.
   * @default this machine's clock
   */
  readonly clock?: Clock | undefined
  /**
   * @throws AwsError AccessDenied
   * @default everybody may do everything
   */
  readonly authorize?: Authorize | undefined
  /** Told what goes wrong here: an answer to a HEAD has no room for it. @default nobody */
  readonly log?: ((line: string) => void) | undefined
  /** What listings of buckets show in the place of what they hold. @default what they hold */
  readonly listings?: Listings | undefined
  /** @default the service behaves */
  readonly faults?: Faults | undefined
}

/** An object as a listing shows it. */
export interface ListedObject {
  readonly key: string
  /** Bytes. */
  readonly size: number
  /** Without quotes. */
  readonly etag: string
}

/** The local S3. */
export interface S3Service extends Service {
  /**
   * The file of an object, whether or not it is there; the folder of a prefix that ends with a slash.
   *
   * @throws AwsError NoSuchBucket, InvalidBucketName; NotImplemented for a key that no file can have; AccessDenied for
   * one to write where a folder is mounted
   */
  readonly filePath: (bucket: string, key: string, use?: FileUse) => string
  /**
   * The objects whose keys begin with `prefix`, in UTF-8 byte order.
   *
   * @throws AwsError NoSuchBucket, InvalidBucketName
   */
  readonly listObjects: (bucket: string, prefix: string) => ListedObject[]
}

/**
 * S3 on a tree of plain files, for the calls that this project makes; everything else is refused with NotImplemented
 * (501), by name. Keys that begin with another key and a slash, or have segments that no file can be named after,
 * are refused as well.
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
        // The client has gone, or was sent away by a fault.
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

/** Runs an operation and answers with its output: at once, unless it has to wait. */
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

/** Adds the body to the input. */
async function readDocument({ request }: S3Operation, input: Members, call: S3Call): Promise<void> {
  const body = await readBody(call.request)
  verifyBody(call.request.headers, body)
  if (body.length > 0) input[request.document!.member] = request.document!.read(body)
}

/** Who may not list a bucket is not told what is missing in it. */
function missingAccess(input: Members): Access {
  const { Bucket, CopySource } = input as { readonly Bucket: string; readonly CopySource?: string }
  return listAccess(CopySource === undefined ? Bucket : parseCopySource(CopySource).bucket)
}

let answers = 0

/** Headers of every answer. */
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
  // No bucket's name begins with a dot.
  const temp = createTempFiles(join(metaRoot, '.temp'))
  // Nor with this one.
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
