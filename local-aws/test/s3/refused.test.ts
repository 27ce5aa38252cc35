import { createHash } from 'node:crypto'
import { DeleteObjectsCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { SIGNED, startS3 } from '../support/start-s3.ts'

const { client, url } = await startS3()

async function send(method: string, path: string, headers: Record<string, string> = {}, body?: string) {
  const answer = await fetch(url + path, {
    method,
    headers: { ...SIGNED, ...headers },
    ...(body && { body }),
  })
  return { status: answer.status, text: await answer.text() }
}
const post = (path: string, body: string) =>
  send('POST', path, { 'content-md5': createHash('md5').update(body).digest('base64') }, body)

describe('what of a request is not served', () => {
  it.each([
    ['GET', '/data/key', 'x-amz-request-payer', 'x-amz-request-payer" (RequestPayer) of GetObject'],
    ['GET', '/data/key', 'x-amz-news', 'x-amz-news" (unknown) of GetObject'],
    ['GET', '/data/key', 'if-range', 'if-range" (unknown) of GetObject'],
    ['PUT', '/data/key', 'x-amz-tagging', 'x-amz-tagging" (Tagging) of PutObject'],
    ['PUT', '/data/key', 'x-amz-copy-source-range', 'x-amz-copy-source-range" (unknown) of PutObject'],
    ['PUT', '/data/key', 'range', 'range" (unknown) of PutObject'],
    ['POST', '/data/key?uploads', 'x-amz-acl', 'x-amz-acl" (ACL) of CreateMultipartUpload'],
    ['PUT', '/new-bucket', 'x-amz-grant-read', 'x-amz-grant-read" (GrantRead) of CreateBucket'],
    ['DELETE', '/data/key', 'if-none-match', 'if-none-match" (unknown) of DeleteObject'],
  ])('%s %s with %s is refused by the header', async (method, path, header, named) => {
    const { status, text } = await send(method, path, { [header]: '1' })
    expect(text).toContain(`<Message>The local AWS does not implement the header "${named}.</Message>`)
    expect(status).toBe(501)
  })

  it.each([
    ['GET', '/data/key?partNumber=1', 'partNumber" (PartNumber) of GetObject'],
    ['GET', '/data/key?news', 'news" (unknown) of GetObject'],
    ['GET', '/data?list-type=2&fetch-owner=true', 'fetch-owner" (FetchOwner) of ListObjectsV2'],
    ['DELETE', '/data/key?versionId=1', 'versionId" (VersionId) of DeleteObject'],
    ['POST', '/data?delete&uploads', 'uploads" (unknown) of DeleteObjects'],
  ])('%s %s is refused by the parameter', async (method, path, named) => {
    const { status, text } = await send(method, path)
    expect(text).toContain(`the query parameter "${named}.</Message>`)
    expect(status).toBe(501)
  })

  it.each([
    [
      '/data?delete',
      '<Delete><Object><Key>a</Key><VersionId>1</VersionId></Object></Delete>',
      'Delete/Object/VersionId',
    ],
    ['/data?delete', '<Delete><Object><Kee>a</Kee></Object></Delete>', 'Delete/Object/Kee'],
    ['/data?delete', '<Delete><Objekt/></Delete>', 'Delete/Objekt'],
    [
      '/data/key?uploadId=1',
      '<CompleteMultipartUpload><Part><ChecksumCRC32C>a</ChecksumCRC32C></Part></CompleteMultipartUpload>',
      'CompleteMultipartUpload/Part/ChecksumCRC32C',
    ],
  ])('POST %s %s is refused by the element', async (path, body, place) => {
    const { status, text } = await post(path, body)
    expect(text).toContain(`The local AWS does not implement the element /${place}.`)
    expect(status).toBe(501)
  })

  it('PUT of a bucket with more than its place is refused by the element', async () => {
    const body = '<CreateBucketConfiguration><Tags><Tag/></Tags></CreateBucketConfiguration>'
    const { text } = await send('PUT', '/new-bucket', {}, body)
    expect(text).toContain('the element /CreateBucketConfiguration/Tags.')
    expect((await send('HEAD', '/new-bucket')).status).toBe(404)
  })
})

describe('a value that is none', () => {
  it.each([
    ['GET', '/data?list-type=2&max-keys=ten', {}, 'max-keys: expected a whole number, found "ten"'],
    ['GET', '/data?list-type=2&max-keys=-1', {}, 'max-keys: expected a whole number from 0'],
    ['PUT', '/data/key?partNumber=0&uploadId=1', {}, 'partNumber: expected a whole number from 1 to 10000'],
    ['PUT', '/data/key', { expires: 'soon' }, 'expires: expected a date, found "soon"'],
  ])('%s %s is InvalidArgument', async (method, path, headers, message) => {
    const { status, text } = await send(method, path, headers)
    expect(text).toContain('<Code>InvalidArgument</Code>')
    expect(text).toContain(message)
    expect(status).toBe(400)
  })
})

describe('a body that is not what it should be', () => {
  it.each([
    ['no XML', 'Delete'],
    ['an element that does not end', '<Delete><Object><Key>a</Key></Delete>'],
    ['two roots', '<Delete><Object><Key>a</Key></Object></Delete><Delete/>'],
    ['another root', '<Remove><Object><Key>a</Key></Object></Remove>'],
    ['an ampersand', '<Delete><Object><Key>a&b</Key></Object></Delete>'],
    ['text between elements', '<Delete>all<Object><Key>a</Key></Object></Delete>'],
    ['two keys of one object', '<Delete><Object><Key>a</Key><Key>b</Key></Object></Delete>'],
    ['an object without a key', '<Delete><Object><ETag>a</ETag></Object></Delete>'],
    ['a key with elements', '<Delete><Object><Key><b/></Key></Object></Delete>'],
    ['no objects', '<Delete><Quiet>true</Quiet></Delete>'],
    ['1,001 objects', `<Delete>${'<Object><Key>a</Key></Object>'.repeat(1001)}</Delete>`],
  ])('%s is MalformedXML', async (_, body) => {
    const { status, text } = await post('/data?delete', body)
    expect(text).toContain('<Code>MalformedXML</Code>')
    expect(status).toBe(400)
  })

  it('is BadDigest when it is not the one that its checksum is of', async () => {
    const headers = { 'content-md5': createHash('md5').update('other').digest('base64') }
    const body = '<Delete><Object><Key>a</Key></Object></Delete>'
    const { text } = await send('POST', '/data?delete', headers, body)
    expect(text).toContain('<Code>BadDigest</Code>')
    expect((await send('POST', '/data?delete', {}, body)).text).toContain('expected a Content-MD5')
  })
})

describe('keys in a body', () => {
  it.each(['tab\tline\nreturn\r', '&amp; &#x41; <b>', ' ', '😀 \u0085'])(
    'arrive as they are: %j',
    async (Key) => {
      await client.send(new PutObjectCommand({ Bucket: 'data', Key, Body: 'x' }))
      const remove = new DeleteObjectsCommand({ Bucket: 'data', Delete: { Objects: [{ Key }] } })
      expect((await client.send(remove)).Deleted).toEqual([{ Key }])
      const head = new HeadObjectCommand({ Bucket: 'data', Key })
      await expect(client.send(head)).rejects.toMatchObject({ name: 'NotFound' })
    },
  )

  it('may be numeric references of any character', async () => {
    await client.send(new PutObjectCommand({ Bucket: 'data', Key: '😀\n', Body: 'x' }))
    const body = '<Delete><Object><Key>&#x1F600;&#10;</Key></Object></Delete>'
    expect((await post('/data?delete', body)).text).toContain('<Deleted><Key>😀&#xa;</Key></Deleted>')
    const head = new HeadObjectCommand({ Bucket: 'data', Key: '😀\n' })
    await expect(client.send(head)).rejects.toMatchObject({ name: 'NotFound' })
  })
})
