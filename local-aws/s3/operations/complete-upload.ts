import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { CompleteMultipartUploadCommand, type CompletedPart } from '@aws-sdk/client-s3'
import { AwsError } from '../../protocol/aws-error.ts'
import { writesObject } from '../accesses.ts'
import { s3Operation } from '../operation.ts'
import {
  compositeChecksum,
  encodeCrc32,
  wholeChecksum,
  type ChecksumAlgorithm,
  type StoredChecksum,
} from '../storage/checksums.ts'
import { checkWrite, unquote, writeCondition } from '../storage/conditions.ts'
import type { Upload, UploadedPart } from '../storage/uploads.ts'
import { checksumMembers, CHECKSUMS } from './description.ts'

/** Smallest size of every part but the last. https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const SMALLEST_PART_BYTES = 5 * 1024 * 1024

/**
 * Serves CompleteMultipartUpload: concatenates the parts into a new file, a megabyte at a time, then makes it the
 * object. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 */
export const completeMultipartUpload = s3Operation(CompleteMultipartUploadCommand, {
  served: {
    UploadId: true,
    IfMatch: true,
    IfNoneMatch: true,
    MultipartUpload: { Parts: { each: { PartNumber: true, ETag: true, ...CHECKSUMS } } },
  },
  accesses: writesObject,
  async run(input, { store, uploads, wrote }) {
    const { Bucket, Key } = input
    const upload = uploads.find(input)
    const parts = chooseParts(upload, input.MultipartUpload?.Parts ?? [])
    const condition = writeCondition(input)
    checkWrite(condition, store.find(Bucket, Key))
    const path = store.temp.newFile()
    try {
      const crc = await concatenate(parts, path)
      // If the request was sent twice at once, the other one may have won meanwhile.
      uploads.find(input)
      const checksum = checksumOfParts(upload, parts, crc)
      const meta = { etag: etagOfParts(parts), crc32: crc, headers: upload.headers, checksum }
      const { versionId: VersionId } = store.commit(Bucket, Key, path, meta, condition)
      uploads.remove(upload)
      await wrote(Key)
      return { Bucket, Key, ETag: `"${meta.etag}"`, VersionId, ...checksumMembers(checksum) }
    } finally {
      await rm(path, { force: true })
    }
  },
})

/**
 * Returns the parts that the request lists.
 *
 * @throws AwsError InvalidPart, InvalidPartOrder, EntityTooSmall; MalformedXML for an empty list
 */
function chooseParts(upload: Upload, listed: readonly CompletedPart[]): UploadedPart[] {
  if (listed.length === 0)
    throw new AwsError('MalformedXML', 'CompleteMultipartUpload: expected at least one Part.')
  const numbers = listed.map(({ PartNumber = 0 }) => PartNumber)
  const misplaced = numbers.find((number, index) => number <= (numbers[index - 1] ?? 0))
  if (misplaced !== undefined)
    throw new AwsError('InvalidPartOrder', `Part ${misplaced}: expected ascending numbers.`)
  const parts = listed.map((part) => findPart(upload, part))
  const small = parts.slice(0, -1).find((part) => part.size < SMALLEST_PART_BYTES)
  if (!small) return parts
  throw new AwsError(
    'EntityTooSmall',
    `Every part but the last: expected at least 5 MiB, found ${small.size} bytes.`,
  )
}

function findPart(upload: Upload, listed: CompletedPart): UploadedPart {
  const { PartNumber: number = 0, ETag = '' } = listed
  const part = upload.parts.get(number)
  if (part && unquote(ETag) === part.etag && hasChecksum(upload, part, listed)) return part
  throw new AwsError(
    'InvalidPart',
    `Part ${number}: it was not uploaded, or its ETag or checksum is another.`,
  )
}

/** True if the checksum listed for a part, if any, is the part's. */
function hasChecksum({ algorithm }: Upload, part: UploadedPart, listed: CompletedPart): boolean {
  const name = algorithm?.toUpperCase() as Uppercase<ChecksumAlgorithm> | undefined
  const given = name && listed[`Checksum${name}`]
  return given === undefined || given === part.checksum?.value
}

/** Writes the parts one after another, a megabyte at a time; returns the CRC32 of the whole. */
async function concatenate(parts: readonly UploadedPart[], path: string): Promise<number> {
  const file = await open(path, 'wx')
  let crc = 0
  try {
    for (const part of parts) {
      for await (const bytes of createReadStream(part.path, { highWaterMark: 1024 * 1024 })) {
        crc = crc32(bytes as Buffer, crc)
        await file.appendFile(bytes as Buffer)
      }
    }
  } finally {
    await file.close()
  }
  return crc
}

function etagOfParts(parts: readonly UploadedPart[]): string {
  const md5 = createHash('md5')
  for (const part of parts) md5.update(Buffer.from(part.etag, 'hex'))
  return `${md5.digest('hex')}-${parts.length}`
}

function checksumOfParts(
  { algorithm, checksumType }: Upload,
  parts: readonly UploadedPart[],
  crc: number,
): StoredChecksum | undefined {
  if (!algorithm) return undefined
  if (checksumType === 'FULL_OBJECT') return wholeChecksum(algorithm, encodeCrc32(crc))
  return compositeChecksum(
    algorithm,
    parts.map(({ checksum }) => checksum),
  )
}
