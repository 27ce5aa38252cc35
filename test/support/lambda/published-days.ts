import { GlueClient } from '@aws-sdk/client-glue'
import { S3Client } from '@aws-sdk/client-s3'
import { expect } from 'vitest'
import { check } from '../../../client/check.ts'
import type { Target } from '../../../client/target.ts'
import { publishedOf, runDay } from './run-day.ts'
import { TABLE } from './dataset.ts'
import { DAY, startWorld } from './world.ts'

export const NEXT = { ...DAY, date: '2024-01-03' }

/** Two published days, and how `check` finds them. */
export async function startPublished(template?: string) {
  const world = await startWorld(template === undefined ? {} : { template })
  for (const day of template === undefined ? [DAY, NEXT] : []) {
    world.putRaw('a.jsonl', ['a1', 'a2'], day)
    await runDay(world, { day })
  }
  const clients = { s3: new S3Client(world.client('check')), glue: new GlueClient(world.client('check')) }
  const target = {
    clients,
    dataBucket: 'data',
    database: 'test',
    datasets: [{ name: TABLE }],
  } as unknown as Target
  const part = (await publishedOf(world)).parts[0]!.key
  const run = async () => {
    const writes = world.writes.length
    const { checked, findings } = await check(target)
    expect(world.writes.length).toBe(writes)
    expect(checked).toBe(2)
    return findings.map(({ dataset, date, kind, key }) => [`${dataset} ${date}`, kind, key])
  }
  return { world, data: world.process('test', 'arn').ledger.data, part, target, check: run }
}
