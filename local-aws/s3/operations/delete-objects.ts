import { deleteAccesses } from '../accesses.ts'
import { AwsError, asAwsError, readBody } from '../../protocol/service.ts'
import { sendEmpty, sendXml } from '../answers.ts'
import { notImplemented } from '../errors.ts'
import { createDigester } from '../storage/checksums.ts'
import { sentAlgorithm, verifyDigests } from '../wire/sent-checksum.ts'
import { UNCONDITIONAL, unquote, writeCondition, type WriteCondition } from '../storage/conditions.ts'
import type { Operation, S3Request } from '../operation.ts'
import { callOf } from '../storage/store.ts'
import { childrenOf, element, parseXml, XMLNS } from '../xml.ts'

/**
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html and, for If-Match,
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html
 */
export const deleteObject: Operation = async (call) => {
  await removeOne(call, call.key, writeCondition(call.request.headers))
  sendEmpty(call.response, 204)
}

const MOST_KEYS = 1000
const KNOWN_MEMBERS = ['Key', 'ETag']

/** Each key is a change of its own. https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
export const deleteObjects: Operation = async (call) => {
  const body = await readBody(call.request)
  verifyBody(call, body)
  const request = parseXml(body, 'Delete')
  const objects = childrenOf(request, 'Object')
  if (objects.length === 0 || objects.length > MOST_KEYS) {
    throw new AwsError('MalformedXML', `Delete: expected 1 to ${MOST_KEYS} objects, found ${objects.length}.`)
  }
  const lines: string[] = []
  for (const object of objects) {
    const other = Object.keys(object).find((member) => !KNOWN_MEMBERS.includes(member))
    if (other) throw notImplemented(`${other} of an object to delete`)
    lines.push(await removeListed(call, object['Key'] ?? '', object['ETag']))
  }
  const isQuiet = request['Quiet'] === 'true'
  const shown = lines.filter((line) => !isQuiet || line.startsWith('<Error>'))
  sendXml(call.response, 200, `<DeleteResult ${XMLNS}>${shown.join('')}</DeleteResult>`)
}

async function removeListed(call: S3Request, key: string, etag: string | undefined): Promise<string> {
  try {
    call.authorize(deleteAccesses(call.bucket, key, etag !== undefined))
    await removeOne(call, key, etag === undefined ? UNCONDITIONAL : { ifMatch: unquote(etag) })
    return `<Deleted>${element('Key', key)}</Deleted>`
  } catch (error) {
    const { code, message } = asAwsError(error)
    return `<Error>${element('Key', key)}${element('Code', code)}${element('Message', message)}</Error>`
  }
}

async function removeOne(call: S3Request, key: string, condition: WriteCondition): Promise<void> {
  const removed = call.store.remove(call.bucket, key, condition)
  if (removed) await call.store.wrote(callOf(call.name, call.bucket, key, call.caller))
}

function verifyBody({ request }: S3Request, body: Buffer): void {
  const algorithm = sentAlgorithm(request.headers)
  if (!algorithm && request.headers['content-md5'] === undefined) {
    throw new AwsError('InvalidRequest', 'DeleteObjects: expected a Content-MD5 or a checksum, found none.')
  }
  const digester = createDigester(algorithm)
  digester.update(body)
  verifyDigests(digester.digests(), algorithm, request.headers)
}
