import { createReadStream, createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
  type CreateMultipartUploadCommandInput,
} from '@aws-sdk/client-s3'
import { AwsError } from '../../protocol/aws-error.ts'
import { whole } from '../../protocol/shapes.ts'
import { abortsUpload, copiesObject, writesObject } from '../accesses.ts'
import { s3Operation, type S3Call } from '../operation.ts'
import { asAlgorithm } from '../storage/checksums.ts'
import type { Upload, UploadedPart } from '../storage/uploads.ts'
import { receiveBody } from '../wire/body.ts'
import { copyResult, SOURCE } from './copy-object.ts'
import { checkUnmoved, digestFile, findSource } from './copy-source.ts'
import { checksumMembers, DESCRIPTION, keptHeaders } from './description.ts'
import { BODY } from './put-object.ts'
import { parseRange } from './range.ts'

/**
 * Serves CreateMultipartUpload. An upload that is not completed is lost when this process ends.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html
 */
export const createMultipartUpload = s3Operation(CreateMultipartUploadCommand, {
  served: { ...DESCRIPTION, ChecksumAlgorithm: true, ChecksumType: true },
  accesses: writesObject,
  run(input, { store, uploads }) {
    const { Bucket, Key } = input
    store.tree.writablePath(Bucket, Key)
    const checksum = checksumAsked(input)
    const { id } = uploads.create({ bucket: Bucket, key: Key, headers: keptHeaders(input), ...checksum })
    const { algorithm, checksumType: ChecksumType } = checksum
    const shown = algorithm && { ChecksumAlgorithm: input.ChecksumAlgorithm, ChecksumType }
    return { Bucket, Key, UploadId: id, ...shown }
  },
})

function checksumAsked(
  input: Pick<CreateMultipartUploadCommandInput, 'ChecksumAlgorithm' | 'ChecksumType'>,
): Pick<Upload, 'algorithm' | 'checksumType'> {
  const { ChecksumAlgorithm, ChecksumType } = input
  const algorithm = ChecksumAlgorithm === undefined ? undefined : asAlgorithm(ChecksumAlgorithm)
  const checksumType = ChecksumType === 'FULL_OBJECT' ? ChecksumType : 'COMPOSITE'
  if (checksumType === 'COMPOSITE' || algorithm === 'crc32') return { algorithm, checksumType }
  throw new AwsError('InvalidRequest', 'x-amz-checksum-type FULL_OBJECT: expected the algorithm CRC32.')
}

const PART = { PartNumber: whole(1, 10_000), UploadId: true } as const

/**
 * Serves UploadPart. A part with the number of an earlier one replaces it.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html
 */
export const uploadPart = s3Operation(UploadPartCommand, {
  served: { ...BODY, ...PART },
  accesses: writesObject,
  async run(input, call) {
    const upload = call.uploads.find(input)
    const body = await receiveBody(call.request, newPartPath(upload, call), upload.algorithm)
    await keepPart(upload, input.PartNumber, { ...body, etag: body.md5 })
    return { ETag: `"${body.md5}"`, ...checksumMembers(body.checksum) }
  },
})

/**
 * Serves UploadPartCopy: a part is copied from an object, or from a range of it.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html
 */
export const uploadPartCopy = s3Operation(UploadPartCopyCommand, {
  served: { ...SOURCE, ...PART, CopySourceRange: true },
  accesses: copiesObject,
  async run(input, call) {
    const upload = call.uploads.find(input)
    const source = findSource(call, input)
    const { size, path: from } = source.object
    const range = parseRange(input.CopySourceRange, size)
    const path = newPartPath(upload, call)
    await pipeline(createReadStream(from, range), createWriteStream(path))
    checkUnmoved(source)
    const { md5: etag, checksum } = await digestFile(path, upload.algorithm)
    const length = range ? range.end - range.start + 1 : size
    await keepPart(upload, input.PartNumber, { path, size: length, etag, checksum })
    return { CopyPartResult: copyResult({ etag, lastModified: call.clock.now() }, checksum) }
  },
})

/**
 * Serves AbortMultipartUpload: forgets the upload and deletes its parts.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
 */
export const abortMultipartUpload = s3Operation(AbortMultipartUploadCommand, {
  served: { UploadId: true },
  accesses: abortsUpload,
  run(input, { uploads }) {
    uploads.remove(uploads.find(input))
    return {}
  },
})

const newPartPath = (upload: Upload, { store }: S3Call) =>
  `${upload.dir}/${store.temp.newFile().split('/').at(-1)}`

/** Keeps a part and deletes an earlier one of the same number. */
async function keepPart(upload: Upload, number: number, part: UploadedPart): Promise<void> {
  const earlier = upload.parts.get(number)
  upload.parts.set(number, part)
  if (earlier) await rm(earlier.path, { force: true })
}
