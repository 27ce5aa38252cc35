import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CopyObjectCommand, PutObjectCommand, RestoreObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { query } from '../../client/query.ts'
import type { DayOutcome } from '../../core/messages.ts'
import { deployLocally, type LocalDayfold } from '../../local/deploy.ts'
import { temporaryFolder } from '../support/acceptance/places.ts'
import { executionsOf } from '../support/pipeline/executions.ts'

const PROJECT = join(import.meta.dirname, '../..')
const DAY = '2024-05-06'
const REGISTRY = `
  import { defineDataset, string } from 'dayfold'
  const columns = { id: string() }
  const extract = ({ id }: { id: string }) => ({ id })
  const daily = defineDataset({
    name: 'daily', columns, extract, rawLayout: 'dt=YYYY-MM-DD', rawFiles: ['*.jsonl'], unreadable: 'skip',
  })
  const hive = defineDataset({ name: 'hive', columns, extract })
  export const datasets = [daily, hive]`
/** Overrides the setting of the module. */
const CONTEXT = { datasets: JSON.stringify({ hive: { rawLayout: 'year=YYYY/month=MM/day=DD' } }) }
const DAILY = `daily/dt=${DAY}/`
const HIVE = 'hive/year=2024/month=05/day=06/'

let aws: LocalDayfold

beforeAll(async () => {
  const registry = join(temporaryFolder(), 'registry.ts')
  writeFileSync(registry, REGISTRY)
  aws = await deployLocally({
    projectRoot: PROJECT,
    home: temporaryFolder(),
    registry,
    context: CONTEXT,
    mode: 'run',
  })
  for (const name of ['a.jsonl', '00/b.jsonl', '_tmp/c.jsonl', 'd.txt', 'e.jsonl']) await put(DAILY + name)
  await put(`${DAILY}f.jsonl`, '')
  await archive(`${DAILY}e.jsonl`)
  for (const name of ['a', 'b.json']) await put(HIVE + name)
  await archive(`${HIVE}b.json`)
})

afterAll(() => aws.close())

const s3 = () => aws.target.clients.s3
const put = (Key: string, Body = `${JSON.stringify({ id: Key.split('/').at(-1) })}\n`) =>
  s3().send(new PutObjectCommand({ Bucket: 'raw', Key, Body }))
const archive = (Key: string) =>
  s3().send(new CopyObjectCommand({ Bucket: 'raw', Key, CopySource: `raw/${Key}`, StorageClass: 'GLACIER' }))
const restore = (Key: string) =>
  s3().send(new RestoreObjectCommand({ Bucket: 'raw', Key, RestoreRequest: { Days: 1 } }))

async function run(input: object = {}): Promise<Record<string, DayOutcome>> {
  const { summary } = await executionsOf(aws.target).run({ from: DAY, to: DAY, ...input })
  return Object.fromEntries(summary!.days.map((day) => [day.dataset, day]))
}

async function idsOf(dataset: string) {
  const { rows } = await query(aws.target, `SELECT id FROM ${dataset} ORDER BY id`)
  return rows.map(([id]) => id)
}

test('a day of each kind of object is read as its dataset says, wherever it lies', async () => {
  const first = await run()
  expect(first['daily']).toMatchObject({
    status: 'published',
    why: 'new day: 2 files; 1 archived file left out',
    totals: { files: 2, rows: 2 },
  })
  expect(first['hive']).toMatchObject({
    status: 'failed',
    error: 'UnreadableObjects',
    cause: expect.stringContaining(
      `found 1 archived file, first ${HIVE}b.json in GLACIER. Restore`,
    ) as string,
  })
  expect(await idsOf('daily')).toEqual(['a.jsonl', 'b.jsonl'])

  await restore(`${HIVE}b.json`)
  const second = await run()
  expect(second['hive']).toMatchObject({ status: 'published', totals: { files: 2, rows: 2 } })
  expect(await idsOf('hive')).toEqual(['a', 'b.json'])
  expect(second['daily']).toMatchObject({
    status: 'unchanged',
    unread: {
      hidden: { count: 1, first: `${DAILY}_tmp/c.jsonl` },
      'not-data': { count: 1, first: `${DAILY}f.jsonl` },
      excluded: { count: 1, first: `${DAILY}d.txt` },
      unreadable: { count: 1, first: `${DAILY}e.jsonl`, why: 'archived: GLACIER' },
    },
  })
})
