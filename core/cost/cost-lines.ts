import type { Prices } from './prices.ts'

/** Amounts of AWS services that are billed by use, measured or estimated. */
export interface Usage {
  /** Billed seconds of jobs by instance type. */
  readonly jobSeconds: Readonly<Record<string, number>>
  /** State transitions of Step Functions. */
  readonly transitions: number
  /** Invocations of Lambda functions. */
  readonly lambdaCalls: number
  /** Memory of the Lambda functions in GB, multiplied by their seconds. */
  readonly lambdaGbSeconds: number
  /** GET and HEAD requests to S3. */
  readonly reads: number
  /** PUT, COPY and LIST requests to S3. */
  readonly writes: number
  /** Bytes that Athena bills as scanned. */
  readonly athenaBytes: number
  /** Runs of Glue crawlers. */
  readonly crawls: number
}

/** One item of an estimated bill, such as the jobs on one instance type. */
export interface CostLine {
  /** Name of the item, such as `Lambda, calls`. */
  readonly item: string
  /** Amount with its unit, such as `1.5 hours`, to three significant digits. */
  readonly quantity: string
  /** Undefined if the price is unknown. */
  readonly dollars: number | undefined
}

/** Estimated cost of some usage in US dollars, in total and by item. */
export interface Spent {
  /** Sum of the items whose price is known. */
  readonly dollars: number
  /** Cost of each item, jobs first. */
  readonly lines: readonly CostLine[]
}

/**
 * DPU-hours billed for a run of a Glue crawler: two DPUs for at least ten minutes. https://aws.amazon.com/glue/pricing/
 */
export const CRAWL_DPU_HOURS = 2 / 6

/** Prices a usage item by item, the jobs of each instance type first. Items of zero quantity are included. */
export function costLines(usage: Usage, prices: Prices): CostLine[] {
  const line = (item: string, quantity: number, unit: string, price: number, per = 1): CostLine => ({
    item,
    quantity: `${rounded(quantity)} ${unit}`,
    dollars: (quantity * price) / per,
  })
  const jobs = Object.entries(usage.jobSeconds).map(([type, seconds]) => {
    const price = prices.instances[type]
    return {
      ...line(`jobs on ${type}`, seconds / 3600, 'hours', price ?? 0),
      ...(price === undefined && { dollars: price }),
    }
  })
  return [
    ...jobs,
    line('Step Functions', usage.transitions, 'transitions', prices.thousandTransitions, 1000),
    line('Lambda, calls', usage.lambdaCalls, 'calls', prices.lambdaMillionCalls, 1e6),
    line('Lambda, time', usage.lambdaGbSeconds, 'GB-seconds', prices.lambdaGbSecond),
    line('S3, reads', usage.reads, 'requests', prices.thousandReads, 1000),
    line('S3, lists, writes and copies', usage.writes, 'requests', prices.thousandWrites, 1000),
    line('Athena', usage.athenaBytes / 1e12, 'TB', prices.athenaTerabyte),
    line('Glue crawler', usage.crawls * CRAWL_DPU_HOURS, 'DPU-hours', prices.crawlerDpuHour),
  ]
}

/** Returns the sum of the items whose price is known, in dollars. */
export function total(lines: readonly CostLine[]): number {
  return lines.reduce((sum, { dollars = 0 }) => sum + dollars, 0)
}

/** Adds up usages, for example those of all dataset-days of an execution. */
export function sumUsage(usages: readonly Usage[]): Usage {
  const jobSeconds: Record<string, number> = {}
  for (const usage of usages)
    for (const [type, seconds] of Object.entries(usage.jobSeconds))
      jobSeconds[type] = (jobSeconds[type] ?? 0) + seconds
  const sum = (of: (usage: Usage) => number) => usages.reduce((all, usage) => all + of(usage), 0)
  return {
    jobSeconds,
    transitions: sum((usage) => usage.transitions),
    lambdaCalls: sum((usage) => usage.lambdaCalls),
    lambdaGbSeconds: sum((usage) => usage.lambdaGbSeconds),
    reads: sum((usage) => usage.reads),
    writes: sum((usage) => usage.writes),
    athenaBytes: sum((usage) => usage.athenaBytes),
    crawls: sum((usage) => usage.crawls),
  }
}

/** Multiplies every amount of a usage by `count`. */
export function times(usage: Usage, count: number): Usage {
  const { jobSeconds, ...rest } = usage
  const many = (values: object) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, (value as number) * count]))
  return { ...(many(rest) as Omit<Usage, 'jobSeconds'>), jobSeconds: many(jobSeconds) }
}

/** Rounds to three significant digits. */
function rounded(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)))
}
