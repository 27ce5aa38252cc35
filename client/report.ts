import { inParallel } from '../aws/in-parallel.ts'
import { listPrefixes } from '../aws/list-objects.ts'
import { headObject } from '../aws/objects.ts'
import { DayfoldError } from '../core/errors.ts'
import { RUNS, summaryKey } from '../core/layout.ts'
import type { RunCost, Summary } from '../core/messages.ts'
import { renderPage } from '../report/page/render-page.ts'
import { lookAtRun } from '../report/read/look-at-run.ts'
import type { RunReport } from '../report/run-report.ts'
import { check } from './check.ts'
import { readSummary } from './executions.ts'
import { LIST_PRICES } from '../core/cost/prices.ts'
import { spentBy } from './run-costs.ts'
import { dataOf, type Target } from './target.ts'

/** Clock of a report, and whether its jobs cost money. */
export interface ReportOptions {
  /** Returns the present time. */
  readonly now: () => Date
  /** True if jobs are billed; false on this machine. */
  readonly isBilled: boolean
}

/** HTML page about an execution, with its data. */
export interface Reported {
  readonly report: RunReport
  /** HTML of the page. */
  readonly page: string
}

/**
 * Makes the page about an execution from the present state of its days. Unlike the page in the data bucket, it shows
 * rejected records, and the findings of {@link check}.
 *
 * @param nameOrArn default: the execution whose summary was written last
 * @throws DayfoldError InvalidInput if there is no such execution with a summary, CorruptState if the summary cannot be
 *   read
 */
export async function reportOn(
  target: Target,
  nameOrArn: string | undefined,
  { now, isBilled }: ReportOptions,
): Promise<Reported> {
  const name = nameOrArn?.slice(nameOrArn.lastIndexOf(':') + 1) ?? (await newestExecution(target))
  const summary = name === undefined ? undefined : await readSummary(target, { arn: '', name })
  if (!summary) throw noSummary(nameOrArn)
  const report = await lookAtRun(dataOf(target), summary, { now, showsValues: true })
  const findings = await findingsOf(target, summary)
  const cost = isBilled ? await billed(target, summary, now()) : undefined
  const whole = { ...report, findings, ...(cost && { cost }) }
  return { report: whole, page: renderPage(whole) }
}

function noSummary(nameOrArn: string | undefined): DayfoldError {
  const text =
    nameOrArn === undefined
      ? 'report: expected an execution that has gathered its days, found none. Start with: dayfold run'
      : `report ${nameOrArn}: expected the name or ARN of an execution that has gathered its days, found no summary of it: ` +
        'it is still running, has ended before, or its summary has expired.'
  return new DayfoldError('InvalidInput', text)
}

/**
 * Names do not sort by time, because EventBridge makes up those of scheduled executions. Costs a listing, and a HEAD
 * per execution.
 */
async function newestExecution(target: Target): Promise<string | undefined> {
  const data = dataOf(target)
  const names: string[] = []
  for await (const prefix of listPrefixes(data, RUNS)) names.push(prefix.slice(RUNS.length, -1))
  const heads = await inParallel(names, (name) => headObject(data, summaryKey(name)))
  const writtenAt = (index: number) => {
    const head = heads[index]
    return head ? head.answeredAt - head.ageSeconds * 1000 : -Infinity
  }
  const newest = names.map((_, index) => index).sort((a, b) => writtenAt(b) - writtenAt(a))[0]
  return newest === undefined || !heads[newest] ? undefined : names[newest]
}

/** Findings for the execution's own days only. */
async function findingsOf(target: Target, { days }: Summary): Promise<RunReport['findings']> {
  const known = new Set(target.datasets.map(({ name }) => name))
  const datasets = [...new Set(days.map(({ dataset }) => dataset))].filter((name) => known.has(name))
  const dates = days.map(({ date }) => date).sort()
  const own = new Set(days.map(({ dataset, date }) => `${dataset} ${date}`))
  const { findings } = await check(target, { datasets, from: dates[0]!, to: dates.at(-1)! })
  return findings.filter(({ dataset, date }) => own.has(`${dataset} ${date}`))
}

/** Cost by the billed time of the jobs; undefined without permission to describe them. The summary has an estimate. */
async function billed(target: Target, summary: Summary, now: Date): Promise<RunCost | undefined> {
  if (summary.dryRun || summary.at === undefined) return undefined
  try {
    const since = new Date(summary.at)
    const spent = await spentBy(target, summary.execution, { summary, prices: LIST_PRICES, since, now })
    return { ...spent, prices: { date: LIST_PRICES.date, region: LIST_PRICES.region } }
  } catch {
    return undefined
  }
}
