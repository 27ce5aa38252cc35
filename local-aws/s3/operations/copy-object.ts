import { constants } from 'node:fs'
import { copyFile, rm } from 'node:fs/promises'
import type { IncomingHttpHeaders } from 'node:http'
import { AwsError } from '../../protocol/aws-error.ts'
import { sendXml } from '../answers.ts'
import { asAlgorithm, checksumHeader, encodeCrc32, type ChecksumAlgorithm } from '../storage/checksums.ts'
import { checkWrite, writeCondition } from '../storage/conditions.ts'
import { checkUnmoved, digestFile, findSource, type CopySource } from './copy-source.ts'
import { objectHeaders } from './object-headers.ts'
import type { Operation } from '../operation.ts'
import type { ObjectMeta, StoredChecksum } from '../storage/sidecars.ts'
import { callOf } from '../storage/store.ts'
import { element, XMLNS } from '../xml.ts'

const MOST_BYTES = 5 * 1024 ** 3

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
export const copyObject: Operation = async ({ store, name, bucket, key, request, response, caller }) => {
  const source = findSource(store, request.headers)
  if (source.object.size > MOST_BYTES) {
    throw new AwsError(
      'InvalidRequest',
      `Copy source "${source.key}": expected at most 5 GiB. Copy it in parts.`,
    )
  }
  const condition = writeCondition(request.headers)
  const headers = headersOfCopy(source, request.headers, bucket, key)
  store.tree.writablePath(bucket, key)
  checkWrite(condition, store.find(bucket, key))
  const path = store.temp.newFile()
  try {
    await copyFile(source.object.path, path, constants.COPYFILE_FICLONE)
    checkUnmoved(source)
    const meta = { ...(await contentOfCopy(source, path, request.headers)), headers }
    const object = store.commit(bucket, key, path, meta, condition)
    await store.wrote(callOf(name, bucket, key, caller))
    sendXml(response, 200, copyResult('CopyObjectResult', object, meta.checksum))
  } finally {
    await rm(path, { force: true })
  }
}

function headersOfCopy(
  source: CopySource,
  asked: IncomingHttpHeaders,
  bucket: string,
  key: string,
): Readonly<Record<string, string>> {
  if (asked['x-amz-metadata-directive'] === 'REPLACE') return objectHeaders(asked)
  if (source.bucket === bucket && source.key === key) {
    throw new AwsError(
      'InvalidRequest',
      `Copy of "${key}" to itself: expected x-amz-metadata-directive REPLACE.`,
    )
  }
  return source.object.meta?.headers ?? {}
}

/** ETag and checksums of a copy: S3 computes them anew, over the whole, also where the source was made of parts. */
async function contentOfCopy(
  { object }: CopySource,
  path: string,
  asked: IncomingHttpHeaders,
): Promise<Omit<ObjectMeta, 'headers'>> {
  const algorithm = algorithmOfCopy(object.meta?.checksum, asked)
  const { meta } = object
  if (meta && !meta.etag.includes('-') && (algorithm === undefined || algorithm === 'crc32')) {
    const value = encodeCrc32(meta.crc32)
    return { etag: meta.etag, crc32: meta.crc32, checksum: algorithm && wholeChecksum(algorithm, value) }
  }
  const { md5, crc32, checksum } = await digestFile(path, algorithm)
  return { etag: md5, crc32, checksum: algorithm && wholeChecksum(algorithm, checksum!) }
}

function algorithmOfCopy(
  checksum: StoredChecksum | undefined,
  asked: IncomingHttpHeaders,
): ChecksumAlgorithm | undefined {
  const wanted = asked['x-amz-checksum-algorithm']
  if (wanted !== undefined) return asAlgorithm(String(wanted))
  return checksum && asAlgorithm(checksum.header.slice(checksumHeader('' as ChecksumAlgorithm).length))
}

const wholeChecksum = (algorithm: ChecksumAlgorithm, value: string): StoredChecksum => ({
  header: checksumHeader(algorithm),
  value,
  type: 'FULL_OBJECT',
})

/** The element that both kinds of copy answer with. */
export function copyResult(
  name: string,
  result: { readonly etag: string; readonly lastModified: number },
  checksum: StoredChecksum | undefined,
): string {
  const modified = new Date(result.lastModified).toISOString()
  return (
    `<${name} ${XMLNS}>${element('LastModified', modified)}${element('ETag', `"${result.etag}"`)}` +
    `${checksumElements(checksum)}</${name}>`
  )
}

/** `<ChecksumCRC32>…` and its type. */
export function checksumElements(checksum: StoredChecksum | undefined): string {
  if (!checksum) return ''
  const name = `Checksum${checksum.header.slice('x-amz-checksum-'.length).toUpperCase()}`
  return element(name, checksum.value) + element('ChecksumType', checksum.type)
}
