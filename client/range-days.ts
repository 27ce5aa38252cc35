import { listEmptyDays, readEmptyDay } from '../aws/empty-days.ts'
import { inParallel } from '../aws/in-parallel.ts'
import { daysBetween, type Day } from '../core/dates.ts'
import { DayfoldError } from '../core/errors.ts'
import type { DatasetDay } from '../core/dataset-day.ts'
import { check } from './check.ts'
import type { Finding } from './findings.ts'
import { readStatus, type DayState } from './status.ts'
import { dataOf, type Target } from './target.ts'

/** Datasets and days that a query reads. */
export interface Range {
  readonly datasets: readonly string[]
  /** First day, inclusive. */
  readonly from: Day
  /** Last day, inclusive. */
  readonly to: Day
}

/**
 * State of a day for readers. `empty`: an execution found no raw files, or none of their records gave a row. Any other
 * state but `published` is a gap. `missing`: no execution has looked at the day, or its first job is running. `failed`:
 * the newest attempt failed, so that rows are missing. `damaged`: readers see other objects than the ledger names.
 * `publishing`: a publish is in progress, or its writer has died.
 */
export type RangeDayState = 'published' | 'empty' | 'missing' | 'failed' | 'damaged' | 'publishing'

/** State of one day of a range, as the ledger knows it. */
export interface RangeDay extends DatasetDay {
  readonly state: RangeDayState
  /** Reason that the day is a gap or empty, in words; '' if it is published. */
  readonly why: string
  /** Number of the published generation; 0 if there is none. */
  readonly generation: number
  /** Number of published rows; 0 if there is no generation. */
  readonly rows: number
  /** Version of the feature code that made the rows; null if nothing is published. */
  readonly featureVersion: string | null
  /** Version of the engine that read the raw files; null if nothing is published. */
  readonly engine: string | null
  /** ISO time of the publish; null if nothing is published. */
  readonly publishedAt: string | null
}

/** True if rows of the day may be missing: in any state but `published` and `empty`. */
export const isGap = ({ state }: RangeDay): boolean => state !== 'published' && state !== 'empty'

/**
 * Reads the state of every day of a range, dataset by dataset and in the order of the days, whether the ledger knows
 * the day or not. Costs a listing and about four small requests per day.
 */
export async function readRangeDays(target: Target, range: Range): Promise<RangeDay[]> {
  const { findings } = await check(target, range)
  const damage = new Map(findings.map((finding) => [idOf(finding), finding]))
  return await rangeDays(target, range, damage)
}

/**
 * Lists the days of which a query since `before` may have read either of two generations: those whose generation has
 * changed, or is about to. Costs less than reading the range again.
 *
 * @param before state of the range's days when the query began
 */
export async function movedDays(
  target: Target,
  range: Range,
  before: readonly RangeDay[],
): Promise<DatasetDay[]> {
  const now = new Map((await rangeDays(target, range, new Map())).map((day) => [idOf(day), day]))
  return before.filter((day) => {
    const { generation, state } = now.get(idOf(day))!
    return generation !== day.generation || (state === 'publishing' && day.state !== 'publishing')
  })
}

const idOf = ({ dataset, date }: DatasetDay) => `${dataset}/${date}`

async function rangeDays(
  target: Target,
  { datasets, from, to }: Range,
  damage: ReadonlyMap<string, Finding>,
): Promise<RangeDay[]> {
  const states = new Map((await readStatus(target, { datasets, from, to })).map((day) => [idOf(day), day]))
  const ofDatasets = await inParallel(datasets, async (dataset) => {
    const empty = await listEmptyDays(dataOf(target), dataset)
    return await inParallel(daysBetween(from, to), async (date) => {
      const day = { dataset, date }
      const state = states.get(idOf(day))
      return {
        ...day,
        ...ofState(state),
        ...(await judge(target, day, { state, empty, damage: damage.get(idOf(day)) })),
      }
    })
  })
  return ofDatasets.flat()
}

function ofState(state: DayState | undefined) {
  return {
    generation: state?.generation ?? 0,
    rows: state?.rows ?? 0,
    featureVersion: state?.featureVersion ?? null,
    engine: state?.engine ?? null,
    publishedAt: state?.publishedAt ?? null,
  }
}

interface Evidence {
  readonly state: DayState | undefined
  readonly empty: ReadonlySet<Day>
  readonly damage: Finding | undefined
}

/** The first condition that holds decides. */
async function judge(
  target: Target,
  day: DatasetDay,
  { state, empty, damage }: Evidence,
): Promise<Pick<RangeDay, 'state' | 'why'>> {
  const [problem] = state?.problems ?? []
  if (problem !== undefined) return { state: 'damaged', why: problem }
  if (damage) return { state: 'damaged', why: `${damage.key}: ${damage.finding}` }
  if (isPublishing(state))
    return { state: 'publishing', why: 'a publish is under way, or its writer has died' }
  if (state?.outstanding) return { state: 'failed', why: outstandingReason(state.outstanding) }
  if (state && state.generation > 0) {
    return state.rows === 0
      ? { state: 'empty', why: 'no record gave a row' }
      : { state: 'published', why: '' }
  }
  if (state?.lastAttempt?.state === 'running') return { state: 'missing', why: 'its first job is running' }
  const found = empty.has(day.date) ? await readEmptyDay(dataOf(target), day) : undefined
  if (found && !(found instanceof DayfoldError) && !isAfter(state, found.foundAt)) {
    return { state: 'empty', why: `${found.why}, as found at ${found.foundAt}` }
  }
  if (state?.lastAttempt) return { state: 'failed', why: attemptReason(state.lastAttempt) }
  return { state: 'missing', why: 'no execution has looked at it' }
}

/** An intent that shows no new generation, such as that of a day going home, does not concern a query. */
const isPublishing = (state: DayState | undefined) =>
  state !== undefined && state.nextGeneration !== null && state.nextGeneration !== state.generation

const isAfter = (state: DayState | undefined, foundAt: string) =>
  state?.lastAttempt !== undefined && state.lastAttempt !== null && state.lastAttempt.startedAt > foundAt

const outstandingReason = ({ status, error, cause }: NonNullable<DayState['outstanding']>) =>
  [status, error, cause].filter((part) => part).join(': ')

const attemptReason = ({ state, error = '' }: NonNullable<DayState['lastAttempt']>) =>
  [state, error].filter((part) => part).join(': ')
