import * as sdk from '@aws-sdk/client-s3'
import { describe, expect, it, test } from 'vitest'
import { describeCommand, type Command } from '../../protocol/command.ts'
import { membersOf } from '../../protocol/convert.ts'
import { readRequest } from '../../protocol/rest-xml/request.ts'
import { createRouter } from '../../protocol/rest-xml/router.ts'
import { s3Operation } from '../../s3/operation.ts'
import { S3_OPERATIONS } from '../../s3/operations/index.ts'

const SERVED = [
  'AbortMultipartUpload',
  'CompleteMultipartUpload',
  'CopyObject',
  'CreateBucket',
  'CreateMultipartUpload',
  'DeleteObject',
  'DeleteObjects',
  'GetObject',
  'HeadBucket',
  'HeadObject',
  'ListObjectVersions',
  'ListObjectsV2',
  'PutObject',
  'RestoreObject',
  'UploadPart',
  'UploadPartCopy',
]
const COMMANDS = Object.entries(sdk).flatMap(([name, value]) =>
  /^[A-Z].*Command$/.test(name) ? [value as Command<unknown, unknown>] : [],
)
const route = createRouter(S3_OPERATIONS)

/** Returns the parts that a request of an operation must have according to the SDK's schema. */
function requestOf(command: Command<unknown, unknown>) {
  const { name, http, input } = describeCommand(command)
  const [method, uri] = http
  const query = new URLSearchParams(uri.split('?')[1])
  const headers: Record<string, string> = {}
  const { members, required } = membersOf(input)
  for (const member of required) {
    const { httpQuery, httpHeader } = members.get(member)!.getMergedTraits()
    if (httpQuery) query.set(httpQuery, '1')
    if (httpHeader) headers[httpHeader.toLowerCase()] = '1'
  }
  // Only the SDK names the operation.
  query.delete('x-id')
  return { name, method, uri, query, headers, hasKey: uri.startsWith('/{Key+}') }
}

/** Finds the operation of a request, checks that it can be read, and returns its name. */
function accept({ method, hasKey, query, headers }: ReturnType<typeof requestOf>): string {
  const operation = route(method, hasKey, query, headers)
  readRequest(operation.request, headers, query, {})
  return operation.name
}

describe('the operations', () => {
  it('have method and path from the SDK’s schemas', () => {
    const served = S3_OPERATIONS.map(({ name, method, uri }) => [name, `${method} ${uri}`])
    const described = COMMANDS.map(requestOf).map(({ name, method, uri }) => [name, `${method} ${uri}`])
    expect(S3_OPERATIONS.map(({ name }) => name).sort()).toEqual(SERVED)
    expect(described).toEqual(expect.arrayContaining(served))
    expect(Object.fromEntries(served)).toMatchObject({
      PutObject: 'PUT /{Key+}?x-id=PutObject',
      ListObjectsV2: 'GET /?list-type=2',
    })
  })

  const [served, others] = [true, false].map((isServed) =>
    COMMANDS.map(requestOf).filter(({ name }) => SERVED.includes(name) === isServed),
  ) as [ReturnType<typeof requestOf>[], ReturnType<typeof requestOf>[]]

  it.each(served)('$name is told apart from all others', (request) => {
    expect(accept(request)).toBe(request.name)
  })

  it.each(others)('$name is refused, and not taken for another', (request) => {
    expect(() => accept(request)).toThrow(expect.objectContaining({ code: 'NotImplemented' }) as Error)
  })

  it('are told apart in the requests of the SDK’s client', async () => {
    const sent: string[] = []
    const requestHandler = {
      handle({
        method,
        path,
        query,
        headers,
      }: { method: string; path: string } & Pick<Sent, 'query' | 'headers'>) {
        const values = Object.entries(query).map(([name, value]) => [name, value ?? ''])
        const parameters = new URLSearchParams(values as [string, string][])
        sent.push(route(method, path.split('/').length > 2 && !path.endsWith('/'), parameters, headers).name)
        throw new Error('not sent')
      },
    }
    const credentials = { accessKeyId: 'x', secretAccessKey: 'x' }
    const client = new sdk.S3Client({
      region: 'us-east-1',
      credentials,
      forcePathStyle: true,
      maxAttempts: 1,
      requestHandler: requestHandler as never,
    })
    const input = { Bucket: 'data', Key: 'a', UploadId: 'u', PartNumber: 1, CopySource: 'data/b', Body: 'x' }
    const Delete = { Objects: [{ Key: 'a' }] }
    for (const name of SERVED) {
      const command = sdk[`${name}Command` as 'GetObjectCommand']
      await client.send(new command({ ...input, Delete } as never)).catch(() => undefined)
    }
    expect(sent).toEqual(SERVED)
  })
})

interface Sent {
  readonly query: Record<string, string>
  readonly headers: Record<string, string>
}

test('inputs and outputs of another shape than AWS’s do not compile', () => {
  const accesses = () => []
  const { HeadBucketCommand, GetObjectCommand, DeleteObjectsCommand, UploadPartCommand } = sdk
  const run = () => ({})
  const operations = [
    // @ts-expect-error AWS's input has no such member
    () => s3Operation(HeadBucketCommand, { served: { Foo: true }, accesses, run }),
    // @ts-expect-error nor has a structure in that input
    () => s3Operation(DeleteObjectsCommand, { served: { Delete: { Keys: true } }, accesses, run }),
    // @ts-expect-error the required UploadId is not served
    () => s3Operation(UploadPartCommand, { served: { PartNumber: true }, accesses, run }),
    // @ts-expect-error AWS's output has no such member
    () => s3Operation(HeadBucketCommand, { served: {}, accesses, run: () => ({ BucketRegin: 'x' }) }),
    // @ts-expect-error the region is a text
    () => s3Operation(HeadBucketCommand, { served: {}, accesses, run: () => ({ BucketRegion: 1 }) }),
    () => {
      // @ts-expect-error a member that is not served cannot be read
      s3Operation(GetObjectCommand, { served: {}, accesses, run: ({ Range }) => (Range ? {} : {}) })
    },
  ]
  expect(operations).toHaveLength(6)
})
