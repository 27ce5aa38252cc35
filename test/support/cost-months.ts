import { costLines, sumUsage, times, type CostLine, type Usage } from '../../core/cost/cost-lines.ts'
import { ASSUMED_START_SECONDS } from '../../client/estimate.ts'
import { LIST_PRICES } from '../../core/cost/prices.ts'
import { DATASET_METRICS, DEPLOYMENT_METRICS } from '../../core/metrics.ts'
import { aroundDays, checkedDay, workedDay } from '../../core/cost/usage.ts'

/** A month of a schedule, in numbers. */
export interface Month {
  readonly datasets: number
  readonly runsADay: number
  /** Days that a run looks at, today among them. */
  readonly daysARun: number
  /** Raw files per dataset-day. */
  readonly files: number
  readonly instanceType: string
  /** Seconds of work of an instance for a whole dataset-day. */
  readonly workSeconds: number
  readonly logGb: number
  readonly storageGb: number
}

export const DAYS = 30

/** `cron(10 0/3 * * ? *)`, seven days of lookback, the three datasets of the repository, on small days. */
export const DEFAULT_MONTH: Month = {
  datasets: 3,
  runsADay: 8,
  daysARun: 8,
  files: 1000,
  instanceType: 'ml.m5.2xlarge',
  workSeconds: 40,
  logGb: 2,
  storageGb: 50,
}

/**
 * 5 million records in 50,000 files a day: bench/RESULTS.md has 90 s for them from S3 on two cores. Eight virtual
 * processors are four cores, and half of that time.
 */
export const ORIGINAL_MONTH: Month = {
  ...DEFAULT_MONTH,
  datasets: 1,
  files: 50_000,
  workSeconds: 45,
  storageGb: 500,
}

/**
 * Returns the usage of a schedule in a month: each run has new files of today, and the day is merged once it is over.
 */
export function usageOf({ datasets, runsADay, daysARun, files, instanceType, workSeconds }: Month): Usage {
  const perDay = (usage: Usage, count: number) => times(usage, count * datasets * DAYS)
  const seconds = ASSUMED_START_SECONDS + workSeconds / runsADay
  const extension = workedDay({ files: files / runsADay, listed: files, instanceType, seconds })
  const merge = workedDay({
    files: 0,
    listed: files,
    instanceType,
    seconds: ASSUMED_START_SECONDS + workSeconds / 4,
  })
  const around = aroundDays({ tables: datasets, crawls: 0 })
  return sumUsage([
    perDay(extension, runsADay),
    perDay(merge, 1),
    perDay(checkedDay(files), runsADay * (daysARun - 1) - 1),
    times(around, runsADay * DAYS),
    { ...times(around, 0), crawls: datasets * DAYS },
  ])
}

/** Alarms per deployment, beside one per dataset: docs/operations.md, "What watching costs". */
const DEPLOYMENT_ALARMS = 7

/** Returns the parts of the cost that are paid by the month. */
export function standing({ datasets, logGb, storageGb }: Month): CostLine[] {
  const [perDataset, perDeployment] = [DATASET_METRICS, DEPLOYMENT_METRICS].map(
    (of) => Object.keys(of).length,
  ) as [number, number]
  const metrics = perDataset * datasets + perDeployment
  const alarms = datasets + DEPLOYMENT_ALARMS
  const { metricMonth, alarmMonth, logGb: aGb, storageGbMonth } = LIST_PRICES
  return [
    { item: 'CloudWatch, metrics', quantity: `${metrics} metrics`, dollars: metrics * metricMonth },
    { item: 'CloudWatch, alarms', quantity: `${alarms} alarms`, dollars: alarms * alarmMonth },
    { item: 'CloudWatch, logs', quantity: `${logGb} GB`, dollars: logGb * aGb },
    { item: 'S3, storage', quantity: `${storageGb} GB`, dollars: storageGb * storageGbMonth },
  ]
}

const FORMULAS: Readonly<Record<string, string>> = {
  'Step Functions': '8 per day worked on, 4 per day looked at, 15 per run',
  'Lambda, calls': '2 per day worked on, 1 per day looked at, 5 per run',
  'Lambda, time': '1.5 GB-seconds per call, 0.1 per page listed',
  'S3, reads': '1 per raw file and 25 per day worked on, 1 per day looked at, 20 per run',
  'S3, lists, writes and copies':
    '1 per thousand raw files of each day looked at and one more, 25 per day worked on, 20 per run',
  Athena: '10 MB, the least of a query, per table and run',
  'Glue crawler': '2 DPUs for 10 minutes, the least, per table and new day',
  'CloudWatch, metrics': `${Object.keys(DATASET_METRICS).length} per dataset and ${Object.keys(DEPLOYMENT_METRICS).length}`,
  'CloudWatch, alarms': '1 per dataset and 7; 2 more per dataset with expectNewDataHours',
  'CloudWatch, logs': 'a guess',
  'S3, storage': 'rows of a year, a guess',
}
const OF_JOBS = '180 s until a job has begun, then its share of the day'

/** Returns the table of a month, in Markdown. */
export function monthTable(month: Month): string[] {
  const lines = [...costLines(usageOf(month), LIST_PRICES), ...standing(month)]
  const sum = lines.reduce((all, { dollars = 0 }) => all + dollars, 0)
  const money = (dollars: number) => `$${dollars.toFixed(2)}`
  return [
    ...lines.map(
      ({ item, quantity, dollars = 0 }) =>
        `| ${item} | ${FORMULAS[item] ?? OF_JOBS} | ${quantity} | ${money(dollars)} |`,
    ),
    `| together |  |  | ${money(sum)} |`,
  ]
}
