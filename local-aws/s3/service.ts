import { mkdirSync } from 'node:fs'
import { resolve, join } from 'node:path'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { applyFault } from '../protocol/apply-fault.ts'
import type { Faults } from '../protocol/faults.ts'
import type { Access, Authorize, FileUse } from '../iam/access.ts'
import { copySource, listAccess, s3Accesses } from './accesses.ts'
import { AwsError, asAwsError, type Caller, type Service } from '../protocol/service.ts'
import { sendError } from './answers.ts'
import type { Operation, S3Request } from './operation.ts'
import { createRouter } from './routes.ts'
import { createSidecars } from './storage/sidecars.ts'
import { callOf, createStore, type Store } from './storage/store.ts'
import { createTempFiles, fileSystemNow } from './storage/temp-files.ts'
import { walk } from './storage/list.ts'
import { createTree, notAFile, type Mount } from './storage/tree.ts'
import { createUploads } from './storage/uploads.ts'

export interface S3Options {
  /** Folder of the buckets: objects are plain files at `<root>/<bucket>/<key>`. Made when absent. */
  readonly root: string
  /** Folder for metadata and temporary files, outside of `root` and on the same file system. Made when absent. */
  readonly metaRoot: string
  /** Read-only folders shown at prefixes. @default none */
  readonly mounts?: readonly Mount[]
  /**
   * Objects from before the start of this service are reported this much older than they are: whoever wrote them
   * is gone. @default 0
   */
  readonly ageEarlierObjectsSeconds?: number
  /**
   * @throws AwsError AccessDenied
   * @default everybody may do everything
   */
  readonly authorize?: Authorize | undefined
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
  const { faults, authorize: authorizeCaller } = options
  const store = openStore(options)
  const routeOf = createRouter(createUploads(store.temp))

  async function answer(request: IncomingMessage, response: ServerResponse, caller: Caller): Promise<void> {
    const { bucket, key, query } = parseUrl(request.url!)
    const { name, run } = routeOf(request.method!, key !== '', query, request.headers)
    if (name !== 'CreateBucket') store.checkBucket(bucket)
    const authorize = (accesses: readonly Access[]) => authorizeCaller?.(caller, accesses)
    if (authorizeCaller) authorize(s3Accesses({ name, bucket, key, query, headers: request.headers }))
    const call = { store, name, bucket, key, query, request, response, caller, authorize }
    if (!faults) return runAs({ ...call, fault: undefined }, run)
    const fault = faults.next(callOf(name, bucket, key || undefined, caller))
    await applyFault(fault, response, async () => runAs({ ...call, fault }, run))
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
        sendError(response, asAwsError(error), request.url!, request.method === 'HEAD')
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

/** Who may not list a bucket is not told what is missing in it. */
async function runAs(call: S3Request, run: Operation): Promise<void> {
  try {
    await run(call)
  } catch (error) {
    const isMissing = error instanceof AwsError && error.code === 'NoSuchKey'
    if (isMissing)
      call.authorize([listAccess(copySource(call.request.headers)?.split('/')[0] ?? call.bucket)])
    throw error
  }
}

function openStore(options: S3Options): Store {
  const { mounts = [], ageEarlierObjectsSeconds: seconds = 0, faults } = options
  const root = resolve(options.root)
  const metaRoot = resolve(options.metaRoot)
  mkdirSync(root, { recursive: true })
  // No bucket's name begins with a dot.
  const temp = createTempFiles(join(metaRoot, '.temp'))
  return createStore({
    tree: createTree(root, mounts),
    sidecars: createSidecars(metaRoot, temp.newFile),
    temp,
    aging: seconds > 0 ? { before: fileSystemNow(temp), seconds } : undefined,
    wrote: async (call) => faults?.wrote(call),
  })
}

const NO_QUERY = new URLSearchParams()

/** `/bucket/key?query`, as a client that finds an IP address in its endpoint writes it. */
function parseUrl(url: string): { bucket: string; key: string; query: URLSearchParams } {
  const mark = url.indexOf('?')
  const path = mark < 0 ? url : url.slice(0, mark)
  const search = mark < 0 ? '' : url.slice(mark + 1)
  // The SDK names the operation there, and nothing else: no need to parse it.
  const isPlain = search === '' || (search.startsWith('x-id=') && !search.includes('&'))
  const slash = path.indexOf('/', 1)
  try {
    const bucket = decodeURIComponent(slash < 0 ? path.slice(1) : path.slice(1, slash))
    const key = slash < 0 ? '' : decodeURIComponent(path.slice(slash + 1))
    return { bucket, key, query: isPlain ? NO_QUERY : new URLSearchParams(search) }
  } catch {
    throw new AwsError('InvalidURI', `Path: expected URL encoding of UTF-8, found "${path}".`)
  }
}
