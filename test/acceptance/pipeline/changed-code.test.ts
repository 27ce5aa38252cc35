import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { startPipeline, statuses, type Pipeline } from '../../support/pipeline/pipeline.ts'

const folder = mkdtempSync(join(tmpdir(), 'dayfold-changed-'))
const pipelines: Pipeline[] = []

/** Deploys a registry over the state that the one before has left. */
async function deploy(registry: string): Promise<Pipeline> {
  await pipelines.at(-1)?.close()
  const pipeline = await startPipeline({ folder, registry })
  pipelines.push(pipeline)
  return pipeline
}

afterAll(async () => {
  await pipelines.at(-1)?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Time for synthesizing two stacks. */
const TIMEOUT_MILLISECONDS = 300_000

test(
  'changed feature code rebuilds the days that a run covers, and redoes what had failed with the old',
  async () => {
    const all = { from: '2024-04-01', to: '2024-04-04' }
    const before = await deploy('index.ts')
    for (const day of ['2024-04-01', '2024-04-02', '2024-04-03', '2024-04-04'])
      before.raw.write(day, 'a.jsonl', 2)
    before.raw.setBadDay('2024-04-04')
    const failed = await before.run(all)
    expect(failed).toMatchObject({ status: 'FAILED', error: 'DaysFailed' })
    expect(failed.cause).toContain('1 of 4 dataset-days failed')
    expect(failed.cause).toContain(
      '{"from":"2024-04-04","to":"2024-04-04","datasets":["readings"],"mode":"failed"}',
    )

    const after = await deploy('changed.ts')
    const redone = await after.run({ ...all, mode: 'failed' })
    expect(redone.status).toBe('SUCCEEDED')
    expect(statuses(redone.summary)).toEqual({
      '2024-04-01': 'not-failed',
      '2024-04-02': 'not-failed',
      '2024-04-03': 'not-failed',
      '2024-04-04': 'published',
    })

    const changed = await after.run({ from: '2024-04-02', to: '2024-04-04' })
    expect(changed.summary!.days).toMatchObject([
      { date: '2024-04-02', status: 'published', kind: 'rebuild', why: 'feature code changed' },
      { date: '2024-04-03', status: 'published', kind: 'rebuild', why: 'feature code changed' },
      { date: '2024-04-04', status: 'unchanged' },
    ])
    const values =
      'SELECT day_partition, min(id), count(*) FROM readings GROUP BY day_partition ORDER BY day_partition'
    expect(await after.sql(values)).toEqual([
      ['2024-04-01', '0', '2'],
      ['2024-04-02', '1000', '2'],
      ['2024-04-03', '1000', '2'],
      ['2024-04-04', '1000', '2'],
    ])

    // A type has changed: rebuilt days are read with it, the others are refused, but only where they are read.
    const retyped = await deploy('retyped.ts')
    expect(await retyped.run({ from: '2024-04-02', to: '2024-04-04' })).toMatchObject({
      status: 'SUCCEEDED',
      output: { counts: { published: 3 }, verified: { verified: 3 } },
    })
    expect(await retyped.sql("SELECT min(id) FROM readings WHERE day_partition > '2024-04-01'")).toEqual([
      ['0.5'],
    ])
    await expect(retyped.sql('SELECT min(id) FROM readings')).rejects.toThrow(
      /HIVE_PARTITION_SCHEMA_MISMATCH: .*partition 'day_partition=2024-04-01' declared column 'id' as type 'int'/,
    )
  },
  TIMEOUT_MILLISECONDS,
)
