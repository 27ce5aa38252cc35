import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createFaults, GONE } from '@dayfold/local-aws/faults'
import { startS3 } from '@dayfold/local-aws/test-support/start-s3'
import { listObjects, type ListedObject } from '../../aws/list-objects.ts'
import { putObject } from '../../aws/write-objects.ts'
import { dataOf, type Target } from '../../client/target.ts'
import { downloadParts } from '../../client/unload.ts'

const faults = createFaults()
const { client } = await startS3(undefined, { faults })
const target = { clients: { s3: client }, dataBucket: 'data' } as Target

async function parts(prefix: string, ...texts: readonly string[]): Promise<ListedObject[]> {
  for (const text of texts) await putObject(dataOf(target), prefix + text, text)
  const listed: ListedObject[] = []
  for await (const object of listObjects(dataOf(target), prefix)) listed.push(object)
  return listed
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'dayfold-unload-'))
  afterAll(() => rmSync(path, { recursive: true, force: true }))
  return path
}

test('parts are downloaded in their order', async () => {
  const paths = await downloadParts(target, await parts('fine/', 'a', 'b', 'c'), folder())
  expect(paths.map((path) => readFileSync(path, 'utf8'))).toEqual(['a', 'b', 'c'])
})

test('a download that fails leaves none going on behind the caller’s back', async () => {
  const listed = await parts('broken/', 'fails', 'slow')
  faults.add({ operation: 'GetObject', key: 'broken/fails', fault: GONE })
  faults.add({ operation: 'GetObject', key: 'broken/slow', fault: { kind: 'delay', milliseconds: 200 } })
  const path = folder()
  await expect(downloadParts(target, listed, path)).rejects.toMatchObject({ name: 'NoSuchKey' })
  expect(readFileSync(join(path, '1.parquet'), 'utf8')).toBe('slow')
})

test('a part that was replaced since it was listed is refused', async () => {
  const listed = await parts('replaced/', 'part')
  await putObject(dataOf(target), 'replaced/part', 'another')
  await expect(downloadParts(target, listed, folder())).rejects.toMatchObject({ name: 'PreconditionFailed' })
})
