import { join } from 'node:path'
import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { openAuthorizer } from '../../iam/authorizer.ts'
import type { Statement } from '../../iam/policy.ts'
import { startS3, tempHome } from '../support/start-s3.ts'

const ROLE = 'arn:aws:iam::000000000000:role/reader'
const on = (Action: string | string[], ...Resource: string[]): Statement => ({
  Effect: 'Allow',
  Action,
  Resource: Resource.map((place) => `arn:aws:s3:::${place}`),
})

/** Returns a client with the permissions of a role, and one that may do everything. */
async function clientsWith(...statements: Statement[]) {
  const authorizer = openAuthorizer({
    roles: [{ name: 'reader', arn: ROLE, trustedServices: ['lambda.amazonaws.com'], statements }],
    administrators: ['TEST'],
  })
  authorizer.assume({ accessKeyId: 'CHILD', roleArn: ROLE, service: 'lambda.amazonaws.com', name: 'plan' })
  const service = await startS3(join(tempHome(), 'home'), {
    authorize: authorizer.authorizeS3,
  })
  const childOf = (accessKeyId: string) =>
    service.connect({ credentials: { accessKeyId, secretAccessKey: 'x' } })
  return {
    admin: service.client,
    child: childOf('CHILD'),
    stranger: childOf('STRANGER'),
    refusals: authorizer.refusals,
  }
}

const object = (Key: string) => ({ Bucket: 'data', Key })
const put = (client: S3Client, Key: string, more: object = {}) =>
  client.send(new PutObjectCommand({ ...object(Key), Body: 'x', ...more }))
const DENIED = { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } }
const NOT_FOUND = { name: 'NoSuchKey', $metadata: { httpStatusCode: 404 } }

test('a request that the role does not allow is refused in AWS’s words and changes nothing', async () => {
  const { admin, child, refusals } = await clientsWith(on('s3:PutObject', 'data/runs/*'))
  await put(child, 'runs/1')
  const message =
    'User: arn:aws:sts::000000000000:assumed-role/reader/plan is not authorized to perform: s3:PutObject ' +
    'on resource: arn:aws:s3:::data/state/1 because no identity-based policy allows the s3:PutObject action'
  await expect(put(child, 'state/1')).rejects.toMatchObject({ ...DENIED, message })
  expect(refusals).toEqual([message])
  const { Contents } = await admin.send(new ListObjectsV2Command({ Bucket: 'data' }))
  expect(Contents?.map(({ Key }) => Key)).toEqual(['runs/1'])
})

test('an access key that was not given out is refused', async () => {
  const { stranger } = await clientsWith(on('s3:*', '*'))
  await expect(put(stranger, 'x')).rejects.toMatchObject({
    name: 'InvalidAccessKeyId',
    $metadata: { httpStatusCode: 403 },
  })
})

test('who may not list a bucket is not told that an object is missing', async () => {
  const { child } = await clientsWith(on('s3:GetObject', 'data/*', 'raw/*'), on('s3:ListBucket', 'raw'))
  await expect(child.send(new GetObjectCommand(object('gone')))).rejects.toMatchObject(DENIED)
  await expect(child.send(new HeadObjectCommand(object('gone')))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 403 },
  })
  const missing = new GetObjectCommand({ Bucket: 'raw', Key: 'gone' })
  await expect(child.send(missing)).rejects.toMatchObject(NOT_FOUND)
})

test('a copy needs to read its source and to write its target', async () => {
  const { admin, child } = await clientsWith(
    on('s3:GetObject', 'data/from/*'),
    on('s3:PutObject', 'data/to/*'),
  )
  for (const key of ['from/ü 1', 'other/1']) await put(admin, key)
  const copy = (from: string, to: string) =>
    child.send(new CopyObjectCommand({ ...object(to), CopySource: `data/${encodeURIComponent(from)}` }))
  await copy('from/ü 1', 'to/1')
  await expect(copy('other/1', 'to/1')).rejects.toMatchObject(DENIED)
  await expect(copy('from/ü 1', 'from/2')).rejects.toMatchObject(DENIED)
})

test('writing and deleting what has a certain ETag needs to read it as well', async () => {
  const { admin, child } = await clientsWith(
    on(['s3:PutObject', 's3:DeleteObject'], 'data/*'),
    on('s3:GetObject', 'data/readable/*'),
  )
  for (const folder of ['readable', 'secret']) {
    const { ETag: IfMatch } = await put(admin, `${folder}/1`)
    const write = put(child, `${folder}/1`, { IfMatch })
    const remove = () => child.send(new DeleteObjectCommand({ ...object(`${folder}/1`), IfMatch }))
    if (folder === 'readable') {
      await write
      await remove()
    } else {
      await expect(write).rejects.toMatchObject(DENIED)
      await expect(remove()).rejects.toMatchObject(DENIED)
      await put(child, `${folder}/2`, { IfNoneMatch: '*' })
    }
  }
})

test('of many deletions each is allowed or refused by itself', async () => {
  const { admin, child, refusals } = await clientsWith(on('s3:DeleteObject', 'data/a/*'))
  for (const key of ['a/1', 'b/1', 'a/2']) await put(admin, key)
  const Objects = ['a/1', 'b/1', 'a/2'].map((Key) => ({ Key }))
  const { Deleted, Errors } = await child.send(
    new DeleteObjectsCommand({ Bucket: 'data', Delete: { Objects } }),
  )
  expect(Deleted?.map(({ Key }) => Key)).toEqual(['a/1', 'a/2'])
  expect(Errors).toMatchObject([{ Key: 'b/1', Code: 'AccessDenied' }])
  expect(refusals).toHaveLength(1)
})

test('listing is of the bucket, and a condition may narrow it to a prefix', async () => {
  const { child } = await clientsWith({
    ...on('s3:ListBucket', 'data'),
    Condition: { StringLike: { 's3:prefix': ['runs/*'] } },
  })
  const list = (Prefix: string) => child.send(new ListObjectsV2Command({ Bucket: 'data', Prefix }))
  await list('runs/1/')
  await expect(list('state/')).rejects.toMatchObject(DENIED)
})

test('aborting an upload in parts is a permission of its own', async () => {
  const { child } = await clientsWith(on('s3:PutObject', 'data/*'))
  const { UploadId } = await child.send(new CreateMultipartUploadCommand(object('1')))
  const abort = new AbortMultipartUploadCommand({ ...object('1'), UploadId })
  await expect(child.send(abort)).rejects.toMatchObject(DENIED)
})
