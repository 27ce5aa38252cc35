import { createReadStream, createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { AwsError } from '../../protocol/aws-error.ts'
import { sendEmpty, sendXml } from '../answers.ts'
import { receiveBody } from '../wire/body.ts'
import { asAlgorithm, checksumHeader } from '../storage/checksums.ts'
import { copyResult } from './copy-object.ts'
import { checkUnmoved, digestFile, findSource } from './copy-source.ts'
import { parseRange } from './get-object.ts'
import { objectHeaders } from './object-headers.ts'
import type { Operation, S3Request } from '../operation.ts'
import { checksumHeaders, checksumOf } from './put-object.ts'
import type { Upload, UploadedPart, Uploads } from '../storage/uploads.ts'
import { element, XMLNS } from '../xml.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html */
export const createMultipartUpload =
  (uploads: Uploads): Operation =>
  ({ store, bucket, key, request, response }) => {
    const { headers } = request
    store.tree.writablePath(bucket, key)
    const named = headers['x-amz-checksum-algorithm']
    const algorithm = named === undefined ? undefined : asAlgorithm(String(named))
    const checksumType = headers['x-amz-checksum-type'] === 'FULL_OBJECT' ? 'FULL_OBJECT' : 'COMPOSITE'
    if (checksumType === 'FULL_OBJECT' && algorithm !== 'crc32') {
      throw new AwsError('InvalidRequest', 'x-amz-checksum-type FULL_OBJECT: expected the algorithm CRC32.')
    }
    const upload = uploads.create({ bucket, key, headers: objectHeaders(headers), algorithm, checksumType })
    const body = element('Bucket', bucket) + element('Key', key) + element('UploadId', upload.id)
    sendXml(
      response,
      200,
      `<InitiateMultipartUploadResult ${XMLNS}>${body}</InitiateMultipartUploadResult>`,
      algorithm && {
        'x-amz-checksum-algorithm': algorithm.toUpperCase(),
        'x-amz-checksum-type': checksumType,
      },
    )
  }

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html */
export const uploadPart =
  (uploads: Uploads): Operation =>
  async (call) => {
    const upload = uploadOf(uploads, call)
    const number = partNumber(call)
    const body = await receiveBody(call.request, newPartPath(upload, call), upload.algorithm)
    await keepPart(upload, number, { ...body, etag: body.md5 })
    sendEmpty(call.response, 200, { ETag: `"${body.md5}"`, ...checksumHeaders(checksumOf(body)) })
  }

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html */
export const uploadPartCopy =
  (uploads: Uploads): Operation =>
  async (call) => {
    const upload = uploadOf(uploads, call)
    const number = partNumber(call)
    const source = findSource(call.store, call.request.headers)
    const { size, path: from } = source.object
    const header = call.request.headers['x-amz-copy-source-range']
    const range = parseRange(header === undefined ? undefined : String(header), size)
    const path = newPartPath(upload, call)
    await pipeline(createReadStream(from, range), createWriteStream(path))
    checkUnmoved(source)
    const { md5, checksum } = await digestFile(path, upload.algorithm)
    const length = range ? range.end - range.start + 1 : size
    await keepPart(upload, number, { path, size: length, etag: md5, checksum })
    const kept = upload.algorithm && {
      header: checksumHeader(upload.algorithm),
      value: checksum!,
      type: 'FULL_OBJECT' as const,
    }
    sendXml(call.response, 200, copyResult('CopyPartResult', { etag: md5, lastModified: Date.now() }, kept))
  }

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html */
export const abortMultipartUpload =
  (uploads: Uploads): Operation =>
  (call) => {
    uploads.remove(uploadOf(uploads, call))
    sendEmpty(call.response, 204)
  }

/** The upload that a request names. */
export function uploadOf(uploads: Uploads, { query, bucket, key }: S3Request): Upload {
  return uploads.find(query.get('uploadId'), bucket, key)
}

function partNumber({ query }: S3Request): number {
  const number = Number(query.get('partNumber'))
  if (Number.isInteger(number) && number >= 1 && number <= 10_000) return number
  throw new AwsError(
    'InvalidArgument',
    `partNumber: expected 1 to 10000, found "${query.get('partNumber')}".`,
  )
}

const newPartPath = (upload: Upload, { store }: S3Request) =>
  `${upload.dir}/${store.temp.newFile().split('/').at(-1)}`

/** A part that is sent again replaces the earlier one. */
async function keepPart(upload: Upload, number: number, part: UploadedPart): Promise<void> {
  const earlier = upload.parts.get(number)
  upload.parts.set(number, part)
  if (earlier) await rm(earlier.path, { force: true })
}
