import {
  CopyObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  RestoreObjectCommand,
  type StorageClass,
} from '@aws-sdk/client-s3'
import { expect, it } from 'vitest'
import { advancingClock } from '../../clock.ts'
import { startS3 } from '../support/start-s3.ts'

const clock = advancingClock()
const { client } = await startS3(undefined, { clock })
const put = (Key: string, StorageClass?: StorageClass) =>
  client.send(new PutObjectCommand({ Bucket: 'data', Key, Body: Key, StorageClass }))
const place = (Key: string) => ({ Bucket: 'data', Key })
const head = (Key: string) => client.send(new HeadObjectCommand(place(Key)))
const get = async (Key: string) =>
  (await client.send(new GetObjectCommand(place(Key)))).Body!.transformToString()
const list = async (Prefix: string) => {
  const attributes = { OptionalObjectAttributes: ['RestoreStatus' as const] }
  const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: 'data', Prefix, ...attributes }))
  return Contents!.map(({ Key, StorageClass, RestoreStatus }) => [Key, StorageClass, RestoreStatus] as const)
}
const restore = (Key: string, Days = 1) =>
  client.send(new RestoreObjectCommand({ ...place(Key), RestoreRequest: { Days } }))
const copy = (from: string, Key: string, StorageClass?: StorageClass) =>
  client.send(new CopyObjectCommand({ ...place(Key), CopySource: `data/${from}`, StorageClass }))

it('keeps the storage class of an object and tells it', async () => {
  await put('kept/a', 'GLACIER_IR')
  await put('kept/b', 'STANDARD')
  await put('kept/c')
  expect(await get('kept/a')).toBe('kept/a')
  expect((await head('kept/a')).StorageClass).toBe('GLACIER_IR')
  expect((await head('kept/b')).StorageClass).toBeUndefined()
  expect(await list('kept/')).toEqual([
    ['kept/a', 'GLACIER_IR', undefined],
    ['kept/b', 'STANDARD', undefined],
    ['kept/c', 'STANDARD', undefined],
  ])
})

it('refuses a class that there is not', async () => {
  await expect(put('kept/d', 'CELLAR' as StorageClass)).rejects.toThrow(
    'x-amz-storage-class: expected one of',
  )
})

it.each(['GLACIER', 'DEEP_ARCHIVE'] as const)(
  '%s is read once it is restored, until that is over',
  async (kind) => {
    const key = `archived/${kind}`
    await put(key, kind)
    await expect(get(key)).rejects.toMatchObject({
      name: 'InvalidObjectState',
      $metadata: { httpStatusCode: 403 },
    })
    expect((await head(key)).StorageClass).toBe(kind)
    expect((await restore(key)).$metadata.httpStatusCode).toBe(202)
    expect((await restore(key, 2)).$metadata.httpStatusCode).toBe(200)
    expect(await get(key)).toBe(key)
    expect((await head(key)).Restore).toMatch(/^ongoing-request="false", expiry-date=".* GMT"$/)
    expect(await list(key)).toEqual([
      [key, kind, { IsRestoreInProgress: false, RestoreExpiryDate: expect.any(Date) as Date }],
    ])
    clock.advance(3 * 86_400_000)
    await expect(get(key)).rejects.toMatchObject({ name: 'InvalidObjectState' })
    expect((await head(key)).Restore).toBeUndefined()
    expect(await list(key)).toEqual([[key, kind, undefined]])
  },
)

it('restores nothing but what is archived', async () => {
  await put('plain')
  await expect(restore('plain')).rejects.toMatchObject({ name: 'InvalidObjectState' })
  await expect(restore('absent')).rejects.toMatchObject({ name: 'NoSuchKey' })
})

it('copies into the class that is asked for, in place as well, and not out of an archive', async () => {
  const { ETag } = await put('copied/a')
  await copy('copied/a', 'copied/a', 'GLACIER')
  expect(await head('copied/a')).toMatchObject({ ETag, StorageClass: 'GLACIER' })
  await expect(copy('copied/a', 'copied/b')).rejects.toMatchObject({ name: 'ObjectNotInActiveTierError' })
  await restore('copied/a')
  await copy('copied/a', 'copied/b')
  const copied = await head('copied/b')
  expect([copied.StorageClass, copied.Restore]).toEqual([undefined, undefined])
  expect(await get('copied/b')).toBe('copied/a')
})
