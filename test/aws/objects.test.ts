import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { beforeAll, describe, expect, it } from 'vitest'
import { createFaults } from '@dayfold/local-aws/faults'
import { startS3, type TestS3 } from '@dayfold/local-aws/test-support/start-s3'
import { listObjects, listPrefixes } from '../../aws/list-objects.ts'
import { headObject, openObject, readDocument, readObject, type Bucket } from '../../aws/objects.ts'
import { decodeItems } from '../../core/run-documents.ts'
import { deleteObjects, deleteUnmoved, putObject } from '../../aws/write-objects.ts'

const faults = createFaults()
let s3: TestS3
let data: Bucket

beforeAll(async () => {
  s3 = await startS3(undefined, { faults })
  data = { s3: s3.client, name: 'data' }
})

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

describe('a listing', () => {
  it('goes on over its pages, in the order of the keys', async () => {
    const folder = join(s3.home, 's3/data/many')
    mkdirSync(folder, { recursive: true })
    const names = Array.from({ length: 1003 }, (_, index) => String(index).padStart(4, '0'))
    for (const name of names) writeFileSync(join(folder, name), '')
    const found = await all(listObjects(data, 'many/'))
    expect(found.map(({ key }) => key)).toEqual(names.map((name) => `many/${name}`))
  })

  it('begins after a key', async () => {
    for (const name of ['a', 'b', 'c']) await putObject(data, `after/${name}`, name)
    const found = await all(listObjects(data, 'after/', { startAfter: 'after/a' }))
    expect(found.map(({ key }) => key)).toEqual(['after/b', 'after/c'])
  })

  it('tells ETag, size and time as reads and writes do', async () => {
    const etag = await putObject(data, 'one/object', 'four')
    expect(etag).toMatch(/^[^"]+$/)
    expect(await all(listObjects(data, 'one/'))).toEqual([
      { key: 'one/object', etag, size: 4, modifiedAt: expect.any(Number) as number },
    ])
    expect((await readObject(data, 'one/object'))!.etag).toBe(etag)
    expect((await headObject(data, 'one/object'))!.etag).toBe(etag)
  })

  it('of folders gives each once, with its slash', async () => {
    for (const key of ['top/x/1', 'top/x/2', 'top/y/1', 'top/z']) await putObject(data, key, 'x')
    expect(await all(listPrefixes(data, 'top/'))).toEqual(['top/x/', 'top/y/'])
  })
})

describe('an object', () => {
  it('that is not there is undefined, not an error', async () => {
    expect(await readObject(data, 'nothing')).toBeUndefined()
    expect(await headObject(data, 'nothing')).toBeUndefined()
    expect(await readDocument(data, 'nothing', decodeItems)).toBeUndefined()
  })

  it('that may not be read is an error', async () => {
    const fault = { kind: 'error', code: 'AccessDenied', status: 403 } as const
    faults.add({ key: 'secret', times: 2, fault })
    await expect(readObject(data, 'secret')).rejects.toMatchObject({ name: 'AccessDenied' })
    await expect(headObject(data, 'secret')).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } })
  })

  it('that should be a document and is not is named', async () => {
    await putObject(data, 'broken.json', '[{"half":')
    await expect(readDocument(data, 'broken.json', decodeItems)).rejects.toMatchObject({
      code: 'CorruptState',
      message: expect.stringMatching(
        /^broken\.json: expected a dataset-day in JSON, found something else/,
      ) as string,
    })
  })

  it('is streamed as it was listed, or not at all', async () => {
    const etag = (await putObject(data, 'part', 'first'))!
    expect(await text(await openObject(data, { key: 'part', etag }))).toBe('first')
    await putObject(data, 'part', 'second')
    await expect(openObject(data, { key: 'part', etag })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    })
  })
})

describe('a conditional write', () => {
  it('goes over nothing, or over exactly what was read', async () => {
    const first = await putObject(data, 'ledger', '1', { onlyOver: 'absent' })
    expect(first).toBeDefined()
    expect(await putObject(data, 'ledger', '2', { onlyOver: 'absent' })).toBeUndefined()
    const second = await putObject(data, 'ledger', '2', { onlyOver: first! })
    expect(second).toBeDefined()
    expect(await putObject(data, 'ledger', '3', { onlyOver: first! })).toBeUndefined()
    expect(await deleteUnmoved(data, 'ledger', first!)).toBe(false)
    expect(await deleteUnmoved(data, 'ledger', second!)).toBe(true)
    expect(await putObject(data, 'ledger', '4', { onlyOver: second! })).toBeUndefined()
  })

  it('is tried again while another write is under way', async () => {
    const fault = { kind: 'error', code: 'ConditionalRequestConflict', status: 409 } as const
    faults.add({ key: 'contended', operation: 'PutObject', times: 2, fault })
    expect(await putObject(data, 'contended', '1', { onlyOver: 'absent' })).toBeDefined()
  })
})

it('objects are deleted, however many they are', async () => {
  const folder = join(s3.home, 's3/data/gone')
  mkdirSync(folder, { recursive: true })
  const keys = Array.from({ length: 1001 }, (_, index) => `gone/${index}`)
  for (const key of keys) writeFileSync(join(s3.home, 's3/data', key), '')
  await deleteObjects(data, keys)
  expect(await all(listObjects(data, 'gone/'))).toEqual([])
})
