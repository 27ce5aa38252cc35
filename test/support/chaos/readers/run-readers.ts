import { createHash } from 'node:crypto'
import { AWAY, OPEN, REPLACEMENTS } from '../../../../core/layout.ts'
import { random } from '../../generated/random.ts'
import { LATER } from '../../lambda/run-day.ts'
import { countAnswers, type ReadersReport } from './count-answers.ts'
import { execute, type ExecutionOptions } from './execution.ts'
import { openNews, type News } from './news.ts'
import { DATES, roundsOf, type Round } from './schedule.ts'
import { GRACE_SECONDS, openSession, type Session } from './session.ts'

export interface ReadersOptions {
  /** Seed of all random choices. */
  readonly seed: string
  /** Number of rounds: every third extends days, the others replace them. */
  readonly rounds: number
  readonly queriesPerRound: number
  /** Grace for queries that the functions assume. @default longer than the longest query */
  readonly graceSeconds?: number
  /** Called with the number of finished rounds. @default not called */
  readonly onRound?: (rounds: number) => void
}

const FROM = DATES[0]!
const DAYS = { from: FROM, to: DATES.at(-1)! }
/** A time before any of the days is over. */
const TODAY = `${FROM}T12:00:00Z`
/** Longer than any function lives, by this clock. */
const LEASE_SECONDS = 1200
/** Seconds before an execution at which queries begin. */
const LEAD_SECONDS = 300
/** Most executions after the last round until every day is at home. */
const MOST_LAST_RUNS = 8

/**
 * Queries all days again and again, with an Athena that lists folders late, while the days are replaced, extended,
 * moved home and crawled, and while functions die.
 *
 * @throws Error if not every day is at home in the end
 */
export async function runReaders(options: ReadersOptions): Promise<ReadersReport> {
  const { seed, rounds, queriesPerRound, graceSeconds = GRACE_SECONDS, onRound } = options
  const below = random(createHash('sha256').update(seed).digest().readUInt32BE())
  const session = await openSession(seed, below)
  try {
    const news = openNews(session.world)
    const runner = openRunner(session, graceSeconds)
    for (const date of DATES) news.replace(date)
    await runner.run({ at: TODAY })
    for (const [index, round] of roundsOf(rounds, below).entries()) {
      await runRound(session, runner, { round, news, queries: queriesPerRound, graceSeconds })
      onRound?.(index + 1)
    }
    await goHome(session, runner, graceSeconds)
    const { observer, athena } = session
    const counts = countAnswers(await athena.answers(), { dates: DATES, observer, news })
    const wentHome = observer.changes.filter(({ kind }) => kind === 'went-home').length
    return { ...counts, ...runner.published, wentHome }
  } finally {
    await session.close()
  }
}

type Runner = ReturnType<typeof openRunner>

/** Runs executions and counts the days that they publish. */
function openRunner({ world }: Session, graceSeconds: number) {
  const published = { replacements: 0, extensions: 0 }
  let count = 0
  return {
    published,
    run: async (options: Omit<ExecutionOptions, 'name' | 'days' | 'seconds'>): Promise<void> => {
      const seconds = { leaseSeconds: LEASE_SECONDS, graceSeconds }
      const outcomes = await execute(world, { name: `run-${++count}`, days: DAYS, seconds, ...options })
      for (const { status, kind, generation } of outcomes) {
        if (status !== 'published' || kind === undefined || generation === 1) continue
        published[kind === 'extend' ? 'extensions' : 'replacements'] += 1
      }
    },
  }
}

interface RoundOptions {
  readonly round: Round
  readonly news: News
  readonly queries: number
  readonly graceSeconds: number
}

async function runRound(
  { pace, ask }: Session,
  { run }: Runner,
  { round, news, queries, graceSeconds }: RoundOptions,
): Promise<void> {
  const { dates, records, deaths, isLater, isGraceOver, crawls } = round
  const half = Math.ceil(queries / 2)
  for (const date of dates) {
    if (round.news === 'replaced') news.replace(date)
    else news.extend(date, records)
  }
  ask(half)
  await pace.pass(LEAD_SECONDS)
  await run({ at: isLater ? LATER : TODAY, deaths: deaths[0], crawls: crawls[0] })
  if (isGraceOver) await pace.outlast(LEASE_SECONDS + graceSeconds)
  ask(half)
  await pace.pass(LEAD_SECONDS)
  await run({ at: TODAY, deaths: deaths[1], crawls: crawls[1] })
  await pace.outlast(LEASE_SECONDS)
}

/** Runs executions without disturbance until every day is at home. */
async function goHome({ world, pace }: Session, { run }: Runner, graceSeconds: number): Promise<void> {
  const left = () => [AWAY, OPEN, REPLACEMENTS].flatMap((prefix) => world.keys(prefix))
  for (let runs = 0; left().length > 0; runs++) {
    if (runs === MOST_LAST_RUNS) throw new Error(`Expected all days at home, found ${left().join(', ')}`)
    await pace.outlast(LEASE_SECONDS + graceSeconds)
    await run({ at: TODAY })
  }
}
