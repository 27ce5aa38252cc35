import { utimesSync } from 'node:fs'
import { homePaths } from '@dayfold/local-aws/home'
import { expect, test } from 'vitest'
import { startS3 } from '@dayfold/local-aws/test-support/start-s3'
import { deleteObjects, putObject } from '../../aws/write-objects.ts'
import { reportOn } from '../../client/report.ts'
import { dataOf, type Target } from '../../client/target.ts'
import { partitionPrefix, RUNS, summaryKey } from '../../core/layout.ts'
import { publishedDay, summaryOf } from '../report/sample-report.ts'
import { TABLE } from '../support/lambda/dataset.ts'
import { NEXT, startPublished } from '../support/lambda/published-days.ts'
import { DAY } from '../support/lambda/world.ts'

const options = { now: () => new Date('2024-05-20T00:00:00Z'), isBilled: false }

/** Starts a deployment that has only a data bucket. */
async function startTarget() {
  const { client: s3, home } = await startS3()
  const target = { name: 'dayfold', dataBucket: 'data', datasets: [], clients: { s3 } } as unknown as Target
  /**
   * Writes a summary and its report.
   *
   * @param at ISO time
   */
  const write = async (name: string, at: string) => {
    const summary = summaryOf([publishedDay()])
    const execution = { name, arn: `arn:execution:dayfold:${name}` }
    await putObject({ s3, name: 'data' }, summaryKey(name), JSON.stringify({ ...summary, execution }))
    utimesSync(homePaths(home).object('data', summaryKey(name)), new Date(at), new Date(at))
  }
  return { target, write }
}

test('a page is about the execution that is named, by name or ARN, else about the one that ended last', async () => {
  const { target, write } = await startTarget()
  await write('run-1', '2024-05-01T00:00:00Z')
  await write('run-5', '2024-05-03T00:00:00Z')
  await write('run-9', '2024-05-02T00:00:00Z')
  await putObject(dataOf(target), `${RUNS}run-4/items.json`, '[]')
  const nameOf = async (given?: string) =>
    (await reportOn(target, given, options)).report.summary.execution.name
  expect(await nameOf()).toBe('run-5')
  expect(await nameOf('run-9')).toBe('run-9')
  expect(await nameOf('arn:aws:states:eu-west-1:1:execution:dayfold:run-9')).toBe('run-9')
})

test('an execution without a summary is told as such', async () => {
  const { target } = await startTarget()
  await expect(reportOn(target, undefined, options)).rejects.toMatchObject({ code: 'InvalidInput' })
  await expect(reportOn(target, 'run-2', options)).rejects.toThrow(
    'report run-2: expected the name or ARN of an execution that has gathered its days, found no summary of it: ' +
      'it is still running, has ended before, or its summary has expired.',
  )
})

test('a page shows the findings about the days of its execution, and no others', async () => {
  const { target, data, world } = await startPublished()
  for (const { date } of [DAY, NEXT])
    await deleteObjects(
      data,
      world.keys(partitionPrefix(TABLE, date)).filter((key) => key.endsWith('.parquet')),
    )
  const days = [{ ...DAY }, { ...DAY, date: '2024-01-04' }, { ...DAY, dataset: 'elsewhere' }].map(
    publishedDay,
  )
  await putObject(data, summaryKey('run-1'), JSON.stringify(summaryOf(days)))
  const { report, page } = await reportOn(target, 'run-1', options)
  expect(report.findings).toMatchObject([{ ...DAY, kind: 'missing' }])
  expect(report.cost).toBeUndefined()
  expect(page).toContain(report.findings![0]!.key)
})
