import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { AwsError, readBody } from '../../protocol/service.ts'
import { sendXml } from '../answers.ts'
import { checksumHeader, compositeChecksum, encodeCrc32 } from '../storage/checksums.ts'
import { checkWrite, unquote, writeCondition } from '../storage/conditions.ts'
import { checksumElements } from './copy-object.ts'
import type { Operation } from '../operation.ts'
import type { StoredChecksum } from '../storage/sidecars.ts'
import { callOf } from '../storage/store.ts'
import { uploadOf } from './upload-parts.ts'
import type { Upload, UploadedPart, Uploads } from '../storage/uploads.ts'
import { childrenOf, element, parseXml, XMLNS } from '../xml.ts'

/** Every part but the last. https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const SMALLEST_PART_BYTES = 5 * 1024 * 1024

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html */
export const completeMultipartUpload =
  (uploads: Uploads): Operation =>
  async (call) => {
    const { store, name, bucket, key, request, response, caller } = call
    const upload = uploadOf(uploads, call)
    const parts = chooseParts(upload, await readBody(request))
    const condition = writeCondition(request.headers)
    checkWrite(condition, store.find(bucket, key))
    const path = store.temp.newFile()
    try {
      const crc = await concatenate(parts, path)
      // Sent twice at once, the other one may have won meanwhile.
      uploads.find(upload.id, bucket, key)
      const checksum = checksumOfParts(upload, parts, crc)
      const meta = { etag: etagOfParts(parts), crc32: crc, headers: upload.headers, checksum }
      store.commit(bucket, key, path, meta, condition)
      uploads.remove(upload)
      await store.wrote(callOf(name, bucket, key, caller))
      const body =
        element('Bucket', bucket) +
        element('Key', key) +
        element('ETag', `"${meta.etag}"`) +
        checksumElements(checksum)
      sendXml(
        response,
        200,
        `<CompleteMultipartUploadResult ${XMLNS}>${body}</CompleteMultipartUploadResult>`,
      )
    } finally {
      await rm(path, { force: true })
    }
  }

/**
 * The parts that the request lists.
 *
 * @throws AwsError InvalidPart, InvalidPartOrder, EntityTooSmall
 */
function chooseParts(upload: Upload, body: Buffer): UploadedPart[] {
  const listed = childrenOf(parseXml(body, 'CompleteMultipartUpload'), 'Part')
  if (listed.length === 0)
    throw new AwsError('MalformedXML', 'CompleteMultipartUpload: expected at least one Part.')
  const numbers = listed.map((part) => Number(part['PartNumber']))
  const misplaced = numbers.find((number, index) => number <= (numbers[index - 1] ?? 0))
  if (misplaced !== undefined)
    throw new AwsError('InvalidPartOrder', `Part ${misplaced}: expected ascending numbers.`)
  const parts = listed.map((part, index) => findPart(upload, numbers[index]!, part))
  const small = parts.slice(0, -1).find((part) => part.size < SMALLEST_PART_BYTES)
  if (!small) return parts
  throw new AwsError(
    'EntityTooSmall',
    `Every part but the last: expected at least 5 MiB, found ${small.size} bytes.`,
  )
}

function findPart(
  upload: Upload,
  number: number,
  listed: Readonly<Record<string, string | undefined>>,
): UploadedPart {
  const part = upload.parts.get(number)
  if (part && unquote(listed['ETag'] ?? '') === part.etag && hasChecksum(upload, part, listed)) return part
  throw new AwsError(
    'InvalidPart',
    `Part ${number}: it was not uploaded, or its ETag or checksum is another.`,
  )
}

function hasChecksum(
  upload: Upload,
  part: UploadedPart,
  listed: Readonly<Record<string, string | undefined>>,
): boolean {
  const given = upload.algorithm && listed[`Checksum${upload.algorithm.toUpperCase()}`]
  return given === undefined || given === part.checksum
}

/** Writes the parts one after the other, a megabyte at a time; returns the CRC32 of the whole. */
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
  { algorithm, checksumType: type }: Upload,
  parts: readonly UploadedPart[],
  crc: number,
): StoredChecksum | undefined {
  if (!algorithm) return undefined
  const header = checksumHeader(algorithm)
  if (type === 'FULL_OBJECT') return { header, value: encodeCrc32(crc), type }
  return {
    header,
    value: compositeChecksum(
      algorithm,
      parts.map((part) => part.checksum!),
    ),
    type,
  }
}
