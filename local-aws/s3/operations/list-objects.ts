import { AwsError } from '../../protocol/aws-error.ts'
import { sendXml } from '../answers.ts'
import { notImplemented } from '../errors.ts'
import type { Operation } from '../operation.ts'
import { AFTER_ALL, walk } from '../storage/list.ts'
import type { Store, StoredObject } from '../storage/store.ts'
import { element, escapeXml, XMLNS } from '../xml.ts'

const MOST_KEYS = 1000

interface ListQuery {
  readonly prefix: string
  readonly delimiter: string | undefined
  readonly after: string
  readonly maxKeys: number
  readonly encode: (text: string) => string
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export const listObjectsV2: Operation = ({ store, bucket, query, response }) => {
  const list = parseQuery(query)
  const page = readPage(store, bucket, list)
  const encode = (text: string) => escapeXml(list.encode(text))
  const named = (name: string, text: string | null) =>
    text === null ? '' : `<${name}>${encode(text)}</${name}>`
  const body = [
    `<ListBucketResult ${XMLNS}>`,
    element('Name', bucket),
    named('Prefix', list.prefix),
    named('Delimiter', list.delimiter ?? null),
    named('StartAfter', query.get('start-after')),
    element('ContinuationToken', query.get('continuation-token') ?? undefined),
    element('NextContinuationToken', page.next),
    element('KeyCount', page.objects.length + page.prefixes.length),
    element('MaxKeys', list.maxKeys),
    element('EncodingType', query.get('encoding-type') ?? undefined),
    element('IsTruncated', page.next !== undefined),
    ...page.objects.map(([key, object]) => contents(encode(key), object)),
    ...page.prefixes.map((prefix) => `<CommonPrefixes>${named('Prefix', prefix)}</CommonPrefixes>`),
    '</ListBucketResult>',
  ]
  sendXml(response, 200, body.join(''))
}

function contents(key: string, object: StoredObject): string {
  const modified = new Date(object.lastModified).toISOString()
  return (
    `<Contents><Key>${key}</Key><LastModified>${modified}</LastModified>` +
    `<ETag>&quot;${object.etag}&quot;</ETag><Size>${object.size}</Size><StorageClass>STANDARD</StorageClass></Contents>`
  )
}

function parseQuery(query: URLSearchParams): ListQuery {
  const delimiter = query.get('delimiter') ?? undefined
  if (delimiter !== undefined && delimiter !== '/') throw notImplemented(`the delimiter "${delimiter}"`)
  const encoding = query.get('encoding-type')
  if (encoding !== null && encoding !== 'url') throw notImplemented(`the encoding type "${encoding}"`)
  const token = query.get('continuation-token')
  return {
    prefix: query.get('prefix') ?? '',
    delimiter,
    after: token === null ? (query.get('start-after') ?? '') : decodeToken(token),
    maxKeys: parseMaxKeys(query.get('max-keys')),
    encode: encoding === 'url' ? encodeKey : (text) => text,
  }
}

function parseMaxKeys(text: string | null): number {
  const number = text === null ? MOST_KEYS : Number(text)
  if (Number.isInteger(number) && number >= 0) return Math.min(number, MOST_KEYS)
  throw new AwsError('InvalidArgument', `max-keys: expected a whole number from 0, found "${text}".`)
}

interface Page {
  readonly objects: readonly (readonly [string, StoredObject])[]
  readonly prefixes: readonly string[]
  /** Continuation token, when there is more. */
  readonly next: string | undefined
}

function readPage(store: Store, bucket: string, list: ListQuery): Page {
  const objects: [string, StoredObject][] = []
  const prefixes: string[] = []
  let last = ''
  const keys = walk(store.tree, bucket, { ...list, folders: list.delimiter !== undefined })
  for (const key of list.maxKeys === 0 ? [] : keys) {
    const object = key.endsWith('/') ? undefined : store.find(bucket, key)
    // A file may vanish between the folder's listing and this look at it.
    if (!object && !key.endsWith('/')) continue
    if (objects.length + prefixes.length === list.maxKeys) {
      return { objects, prefixes, next: Buffer.from(last).toString('base64url') }
    }
    if (object) objects.push([key, object])
    else prefixes.push(key)
    last = object ? key : key + AFTER_ALL
  }
  return { objects, prefixes, next: undefined }
}

function decodeToken(token: string): string {
  const key = Buffer.from(token, 'base64url').toString()
  if (token !== '' && Buffer.from(key).toString('base64url') === token) return key
  throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect.')
}

function encodeKey(key: string): string {
  return encodeURIComponent(key)
    .replaceAll('%2F', '/')
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}
