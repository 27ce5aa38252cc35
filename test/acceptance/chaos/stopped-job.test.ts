import { readdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { test } from 'vitest'
import { file, scheduledDay, TODAY } from '../../support/chaos/scenario/days.ts'
import { openWorld } from '../../support/chaos/world/world.ts'

/** Notes about a day that failed, and about the state of the data. */
const NOTES = /\/attempt\.json |^state\/_(outstanding|facts)\/|^state\/_verified\.json /

/**
 * Lists every object of the data bucket that does not expire by itself, with text that tells its content from any
 * other.
 */
function lasting(home: string): string[] {
  const bucket = join(home, 's3', 'data')
  return readdirSync(bucket, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => `${relative(bucket, path)} ${statSync(path).ino}`)
    .filter((object) => !/^(staging|runs)\//.test(object) && !NOTES.test(object))
    .sort()
}

// Concurrent, because a job that waits for an answer is given ten seconds to end.
test.concurrent.for([
  ['SIGINT', 'orders'],
  ['SIGTERM', 'visits'],
] as const)(
  'a job that gets %s in the middle leaves nothing but staging',
  async ([signal, dataset], { expect, onTestFinished }) => {
    const world = openWorld('index')
    onTestFinished(() => world.close())
    const input = scheduledDay(dataset, TODAY)
    world.putRaw([file(dataset, TODAY, 'a.jsonl', 20, 1)])
    expect(await world.runNext(input)).toMatchObject({ status: 'SUCCEEDED' })
    const before = lasting(world.home)
    world.putRaw([file(dataset, TODAY, 'b.jsonl', 60, 1)])
    const staging = `staging/${dataset}/day_partition=${TODAY}/*/parts/`
    const after = `PutObject ${staging}part-00002-*-00000.parquet`
    const stopped = await world.run({ inputs: [input], kill: { after, victim: 'container', signal } })
    expect(stopped).toMatchObject({ killed: true, executions: [{ status: 'FAILED' }] })
    expect(JSON.stringify(stopped)).toContain(`The job was stopped by ${signal}; nothing was published.`)
    expect(lasting(world.home)).toEqual(before)
    expect(await world.runNext(input)).toMatchObject({ status: 'SUCCEEDED' })
    const { days, problems } = await world.endState()
    expect(problems).toEqual([])
    expect(days[`${dataset} ${TODAY}`]!.inputs).toHaveLength(2)
  },
)
