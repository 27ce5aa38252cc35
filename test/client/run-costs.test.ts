import {
  DescribeProcessingJobCommand,
  ListProcessingJobsCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker'
import { mockClient } from 'aws-sdk-client-mock'
import { expect, test } from 'vitest'
import { startS3 } from '@dayfold/local-aws/test-support/start-s3'
import { putObject } from '../../aws/write-objects.ts'
import { takenTimes } from '../../client/history.ts'
import { estimateRun, spentBy } from '../../client/run-costs.ts'
import { dataOf, type Target } from '../../client/target.ts'
import { LIST_PRICES } from '../../core/cost/prices.ts'
import { RUNS, runPrefix, summaryKey } from '../../core/layout.ts'
import type { DayOutcome } from '../../core/messages.ts'
import { GARBAGE } from '../support/garbage.ts'
import { publishedDay, summaryOf } from '../report/sample-report.ts'

/** Starts a deployment with a data bucket, in which a job of the dataset `jobs` has run. */
async function startTarget() {
  const { client: s3 } = await startS3()
  const sagemaker = new SageMakerClient({ region: 'eu-west-1' })
  const asked = mockClient(sagemaker)
  const name = 'dayfold--jobs-20240506-a'
  asked
    .on(ListProcessingJobsCommand)
    .resolves({})
    .on(ListProcessingJobsCommand, { NameContains: 'jobs' })
    .resolves({ ProcessingJobSummaries: [{ ProcessingJobName: name }] as never })
    .on(ListProcessingJobsCommand, { NameContains: 'dayfold-', CreationTimeAfter: SINCE })
    .resolves({ ProcessingJobSummaries: [{ ProcessingJobName: name }] as never })
    .on(DescribeProcessingJobCommand, { ProcessingJobName: name })
    .resolves({
      ProcessingJobName: name,
      ProcessingJobStatus: 'InProgress',
      ProcessingStartTime: SINCE,
      AppSpecification: { ImageUri: 'i', ContainerArguments: [`${runPrefix('run-1')}orders/jobs/x`] },
      ProcessingResources: { ClusterConfig: { InstanceType: 'ml.m5.large' } },
    } as never)
  const target = { name: 'dayfold', dataBucket: 'data', clients: { s3, sagemaker } } as unknown as Target
  const writeSummary = (run: string, days: readonly DayOutcome[]) =>
    putObject(dataOf(target), summaryKey(run), JSON.stringify(summaryOf(days)))
  return { target, writeSummary }
}

const SINCE = new Date('2024-05-06T10:00:00Z')
const NOW = new Date('2024-05-06T11:00:00Z')

/** A day that took 100 s until its program ran, and 200 s from then on for 10 GB. */
const TOOK = publishedDay({
  processed: { files: 4, records: 1, bytes: 10e9 },
  seconds: 300,
  programSeconds: 200,
})

test('days took the times in the summaries, as far as these can be read and say them', async () => {
  const { target, writeSummary } = await startTarget()
  const { dataset, date, status, why, processed, seconds, programSeconds } = TOOK
  const day = { dataset, date, status, why }
  await writeSummary('run-1', [
    TOOK,
    day,
    { ...day, processed: processed!, seconds: seconds! },
    { ...day, processed: processed!, programSeconds: programSeconds! },
    { ...TOOK, processed: { files: 4, records: 1 } },
  ])
  await writeSummary('run-2', [{ ...TOOK, dataset: 'clicks', seconds: 150 }])
  for (const [what, garbage] of GARBAGE)
    await putObject(dataOf(target), summaryKey(`garbage-${what.length}`), garbage)
  await putObject(dataOf(target), `${RUNS}without-summary/items.json`, '[]')
  expect(await takenTimes(target)).toEqual([
    { dataset: 'jobs', bytes: 10e9, startSeconds: 100, programSeconds: 200 },
    { dataset: 'clicks', bytes: 10e9, startSeconds: 0, programSeconds: 200 },
  ])
})

test('a run is estimated by earlier days and the instances of earlier jobs; on this machine only its time', async () => {
  const { target, writeSummary } = await startTarget()
  const planned = (dataset: string, bytes: number): DayOutcome => ({
    ...{ dataset, date: '2024-05-07', status: 'planned', why: 'new day', toRead: { files: 1, bytes } },
  })
  const unchanged: DayOutcome = { dataset: 'other', date: '2024-05-07', status: 'unchanged', why: '' }
  const estimated = (isLocal: boolean) =>
    estimateRun(target, summaryOf([planned('jobs', 10e9), planned('clicks', 0), unchanged]), {
      ...{ prices: LIST_PRICES, atOnce: 1, isLocal },
    })
  const nothingKnown = (dataset: string) =>
    expect.stringMatching(`^Nothing is known of how long ${dataset} took: `) as string

  const before = await estimated(false)
  // 180 s, and 10 GB at 20 MB/s on each of 2 processors; 180 s without data.
  expect(before.minutes).toBeCloseTo((180 + 250 + 180) / 60)
  expect(before.lines.slice(0, 3).map(({ item }) => item)).toEqual([
    'jobs on ml.m5.large',
    'jobs on ml.m5.2xlarge',
    'Step Functions',
  ])
  expect(before.assumptions).toEqual([
    nothingKnown('jobs'),
    'Jobs run on ml.m5.2xlarge.',
    nothingKnown('clicks'),
  ])
  expect(await estimated(true)).toEqual(before)

  await writeSummary('run-1', [TOOK])
  const after = await estimated(false)
  expect(after.minutes).toBeCloseTo((300 + 180) / 60)
  expect(after.dollars).toBeLessThan(before.dollars)
  expect(after.assumptions).toEqual(['Jobs run on ml.m5.2xlarge.', nothingKnown('clicks')])
  expect(await estimated(true)).toEqual({
    ...before,
    minutes: after.minutes,
    assumptions: [
      ...before.assumptions,
      'The dollars are those of an account, the time that of this machine.',
    ],
  })
})

test('an execution has cost the billed time of its jobs since its start', async () => {
  const { target } = await startTarget()
  const summary = summaryOf([TOOK])
  const { lines } = await spentBy(target, summary.execution, {
    ...{ summary, prices: LIST_PRICES, since: SINCE, now: NOW },
  })
  expect(lines[0]).toEqual({ item: 'jobs on ml.m5.large', quantity: '1 hours', dollars: 0.115 })
})
