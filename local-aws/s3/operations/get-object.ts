import { closeSync, fstatSync } from 'node:fs'
import {
  GetObjectCommand,
  HeadObjectCommand,
  type GetObjectCommandInput,
  type HeadObjectOutput,
} from '@aws-sdk/client-s3'
import type { Fault } from '../../protocol/faults.ts'
import { readsObject } from '../accesses.ts'
import { noSuchKey } from '../errors.ts'
import { s3Operation } from '../operation.ts'
import { invalidObjectState, isArchived, restoreExpiry } from '../storage/archive.ts'
import { checkRead } from '../storage/conditions.ts'
import type { StoredObject } from '../storage/store.ts'
import { openFile, sendFile } from '../wire/send-file.ts'
import { checksumMembers, describedBy } from './description.ts'
import { findVersion } from './find-version.ts'
import { parseRange } from './range.ts'

const served = { VersionId: true, Range: true, IfMatch: true, IfNoneMatch: true, ChecksumMode: true } as const
type Asked = Pick<GetObjectCommandInput, keyof typeof served>

/**
 * Serves HeadObject, which describes an object without reading it; archived objects are described as well.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
export const headObject = s3Operation(HeadObjectCommand, {
  served,
  accesses: readsObject,
  run(input, { store, clock, fault }) {
    return describe(findVersion(store, input), input, { now: clock.now(), fault }).output
  },
})

/**
 * Serves GetObject, of a whole object or a range. All bytes are from one content, even if the object is replaced
 * meanwhile. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export const getObject = s3Operation(GetObjectCommand, {
  served,
  accesses: readsObject,
  run(input, { store, clock, fault }) {
    const { Bucket, Key } = input
    const version = input.VersionId === undefined ? undefined : findVersion(store, input)
    const path = version?.path ?? store.tree.path(Bucket, Key)
    const fd = path === undefined ? undefined : openFile(path)
    if (fd === undefined) throw noSuchKey(Key)
    let isSending = false
    try {
      const stats = fstatSync(fd)
      if (!stats.isFile()) throw noSuchKey(Key)
      // Describe the open file: another one may be renamed to its path meanwhile.
      const object = version ?? store.describe(Bucket, Key, path!, stats)
      const now = clock.now()
      if (isArchived(object, now))
        throw invalidObjectState("The operation is not valid for the object's storage class")
      const { output, start } = describe(object, input, { now, fault })
      const length = output.ContentLength
      if (length === undefined) return output
      isSending = true
      return Object.assign(output, { Body: sendFile(fd, start, length) })
    } finally {
      if (!isSending) closeSync(fd)
    }
  },
})

type Described = Omit<HeadObjectOutput, 'ArchiveStatus'> & { $metadata?: { readonly httpStatusCode: number } }

/** Returns all of an answer but its body, and the offset where that begins; without a length for status 304. */
function describe(
  object: StoredObject,
  asked: Asked,
  { now, fault }: { readonly now: number; readonly fault: Fault | undefined },
): { readonly output: Described; readonly start: number } {
  const { meta, size } = object
  const etag = fault?.kind === 'changed' ? `${object.etag}-changed` : object.etag
  const { modified } = checkRead(etag, asked.IfMatch, asked.IfNoneMatch)
  const output: Described = {
    ETag: `"${etag}"`,
    LastModified: new Date(object.lastModified),
    AcceptRanges: 'bytes',
    VersionId: object.versionId,
    ContentType: 'binary/octet-stream',
    ...(meta && describedBy(meta.headers)),
  }
  if (output.Restore !== undefined && !restoreExpiry(object, now)) delete output.Restore
  if (asked.ChecksumMode === 'ENABLED' && asked.Range === undefined)
    Object.assign(output, checksumMembers(meta?.checksum))
  if (!modified) return { output: { ...output, $metadata: { httpStatusCode: 304 } }, start: 0 }
  const range = parseRange(asked.Range, size)
  output.ContentLength = range ? range.end - range.start + 1 : size
  if (!range) return { output, start: 0 }
  output.ContentRange = `bytes ${range.start}-${range.end}/${size}`
  output.$metadata = { httpStatusCode: 206 }
  return { output, start: range.start }
}
