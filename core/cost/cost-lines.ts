import type { Prices } from './prices.ts'

/** What is used of AWS and paid by use. */
export interface Usage {
  /** Billed seconds of jobs, by type of instance. */
  readonly jobSeconds: Readonly<Record<string, number>>
  readonly transitions: number
  readonly lambdaCalls: number
  readonly lambdaGbSeconds: number
  /** GET and HEAD. */
  readonly reads: number
  /** PUT, COPY and LIST. */
  readonly writes: number
  readonly athenaBytes: number
  readonly crawls: number
}

/** A part of a price. */
export interface CostLine {
  readonly item: string
  readonly quantity: string
  /** Undefined where the price is not known. */
  readonly dollars: number | undefined
}

/** What something has cost. */
export interface Spent {
  /** What is known of it. */
  readonly dollars: number
  readonly lines: readonly CostLine[]
}

/** Two DPUs for ten minutes at least: https://aws.amazon.com/glue/pricing/ */
export const CRAWL_DPU_HOURS = 2 / 6

/** What a usage costs, part by part, the jobs first. */
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

/** The sum of what is known of it. */
export function total(lines: readonly CostLine[]): number {
  return lines.reduce((sum, { dollars = 0 }) => sum + dollars, 0)
}

/** Usages together. */
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

/** How often a usage happens. */
export function times(usage: Usage, count: number): Usage {
  const { jobSeconds, ...rest } = usage
  const many = (values: object) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, (value as number) * count]))
  return { ...(many(rest) as Omit<Usage, 'jobSeconds'>), jobSeconds: many(jobSeconds) }
}

/** Three digits that matter. */
function rounded(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)))
}
