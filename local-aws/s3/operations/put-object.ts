import { receiveBody, type ReceivedBody } from '../wire/body.ts'
import { sendEmpty } from '../answers.ts'
import { checksumHeader } from '../storage/checksums.ts'
import { checkWrite, writeCondition } from '../storage/conditions.ts'
import { objectHeaders } from './object-headers.ts'
import type { Operation } from '../operation.ts'
import type { StoredChecksum } from '../storage/sidecars.ts'
import { callOf } from '../storage/store.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export const putObject: Operation = async ({ store, name, bucket, key, request, response, caller }) => {
  const condition = writeCondition(request.headers)
  const headers = objectHeaders(request.headers)
  store.tree.writablePath(bucket, key)
  // Whoever has lost already is told before the body is kept.
  checkWrite(condition, store.find(bucket, key))
  const body = await receiveBody(request, store.temp.newFile())
  const checksum = checksumOf(body)
  const meta = { etag: body.md5, crc32: body.crc32, headers, checksum }
  const object = store.commit(bucket, key, body.path, meta, condition)
  await store.wrote(callOf(name, bucket, key, caller))
  sendEmpty(response, 200, { ETag: `"${object.etag}"`, ...checksumHeaders(checksum) })
}

/** The checksum of a body as it is kept. */
export function checksumOf({ algorithm, checksum }: ReceivedBody): StoredChecksum | undefined {
  if (!algorithm || checksum === undefined) return undefined
  return { header: checksumHeader(algorithm), value: checksum, type: 'FULL_OBJECT' }
}

export function checksumHeaders(checksum: StoredChecksum | undefined): Record<string, string> {
  return checksum ? { [checksum.header]: checksum.value, 'x-amz-checksum-type': checksum.type } : {}
}
