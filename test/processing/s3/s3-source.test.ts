import { expect, test } from 'vitest'
import { ObjectNotRead } from '../../../processing/read/source.ts'
import { S3Error, type S3 } from '../../../processing/s3/client.ts'
import { s3Source } from '../../../processing/s3/s3-source.ts'

/** Reads an object that was listed with ETag `e` from an S3 that fails so. */
function readFrom(error: Error): Promise<unknown> {
  const s3 = { read: () => Promise.reject(error) } as Partial<S3> as S3
  const reading = s3Source(s3, 'raw').read({ key: 'a.jsonl', etag: 'e', size: 9 }, 0, new Uint8Array(9))
  return Promise.resolve(reading).catch((reason: unknown) => reason)
}

test.each([
  ['is gone', 404, 'NoSuchKey', 'found that it is gone'],
  ['was replaced', 412, 'PreconditionFailed', 'found that there is another one'],
  ['was replaced by a shorter one', 416, 'InvalidRange', 'found that there is another one'],
])('an object that %s has changed since it was listed', async (_, status, code, found) => {
  const error = new S3Error(status, code, '')
  expect(await readFrom(error)).toMatchObject({
    isChanged: true,
    message: `expected the object that was listed (ETag e), ${found}`,
    cause: error,
  })
})

test.each([
  ['may not be read', 403, 'AccessDenied', 'access denied: the job may not read it'],
  ['is archived', 403, 'InvalidObjectState', 'archived: restore it first'],
  ['cannot be read for another reason', 400, 'Odd', 'S3 answers 400 Odd'],
])('an object that %s is still the one that was listed', async (_, status, code, message) => {
  const found = await readFrom(new S3Error(status, code, ''))
  expect(found).toBeInstanceOf(ObjectNotRead)
  expect(found).toMatchObject({ isChanged: false, message })
})

test('what S3 did not answer is passed on as it is', async () => {
  const error = new Error('no network')
  expect(await readFrom(error)).toBe(error)
})
