import {
  AWAY,
  locationOf,
  OPEN,
  partitionPrefix,
  PROCESSED,
  REPLACEMENTS,
  REQUEUED,
} from '../../../../core/layout.ts'
import { listObjects } from '../../../../aws/list-objects.ts'
import { readManifest } from '../../../../lambda/ledger/manifest-store.ts'
import type { Functions } from '../load-functions.ts'
import { runAlone, type ActorEnd, type Stage } from '../performance.ts'
import type { Answer, Call, World } from '../services/call.ts'
import { contextOf, dayInput, executionOf } from './context.ts'
import { runJob } from './job.ts'
import { readDay } from './others.ts'
import { isGeneration } from './rows.ts'
import { DEPLOYMENT, TABLE } from '../../lambda/dataset.ts'
import { DAYS, SERVICES } from './table.ts'
import { GRACE_SECONDS, QUICK, timePasses } from './time.ts'

/** Least number of files of each day. */
const AT_LEAST = [2, 1]
const FOLDERS = [PROCESSED, REPLACEMENTS].map((prefix) => `data/${prefix}`)

/** Checks that an object that a query may be about to read is never written again. */
export function judgeCall(
  { name, subject, writes }: Call,
  before: World,
  answer: Answer,
): string | undefined {
  const isWrite = name === 'PutObject' || name === 'CopyObject'
  if (!isWrite || answer.isRefused || !FOLDERS.some((folder) => writes[0]!.startsWith(folder)))
    return undefined
  return before.cells.get(writes[0]!) && `an object was written again: ${subject}`
}

/** Errors that a function may end with, because another try goes on. */
const WORTH_ANOTHER_TRY = /^CatalogBusy|others point it elsewhere$/

/** Checks that a query gets one whole generation of each day, and that a function does not fail. */
export function judgeActor(actor: string, end: ActorEnd): string | undefined {
  if (end.kind === 'threw') {
    const { stack } = end.error as Error
    return WORTH_ANOTHER_TRY.test(String(end.error)) ? undefined : `${actor} failed: ${stack}`
  }
  if (actor !== 'reader') return undefined
  const days = end.value as string[][]
  const isRight = days.every((rows, place) => isGeneration(rows, AT_LEAST[place]!))
  if (isRight) return undefined
  return `a query got what is not one generation of each day: ${days.map((rows) => `[${rows.join(' ')}]`).join(' ')}`
}

/**
 * Checks that later executions, without others beside them, can go on, and that nothing is lost or left open or behind.
 */
export async function judgeWorld(
  functions: Functions,
  world: World,
  files: number,
): Promise<string | undefined> {
  const main = async (stage: Stage) => {
    // The first adds new files, the second merges, the third moves the day home, the fourth deletes the files left
    // there.
    for (let execution = 1; execution <= 4; execution++) await execute(functions, stage, `later-${execution}`)
    return (await problemsIn(stage, files)).join('; ')
  }
  try {
    const { value } = await runAlone(main, SERVICES, world)
    return value === '' ? undefined : `in the end ${value}`
  } catch (error) {
    return `a later execution failed: ${(error as Error).stack}`
  }
}

/** Runs a whole execution over both days, from Plan to Crawl, after every lease and every grace is over. */
async function execute(functions: Functions, stage: Stage, name: string): Promise<void> {
  const { date } = await stage.call(timePasses(GRACE_SECONDS + 1))
  const context = contextOf(stage, name, QUICK, new Date(date * 1000).toISOString())
  await functions.sweepOpenIntents(context.ledger)
  for (const day of DAYS) {
    const input = dayInput(name, 'changed', day)
    const planned = await functions.planDay(input, context)
    if (planned.action !== 'process') continue
    await runJob(context.ledger.data, planned.workOrder, name)
    await functions.publishDay({ ...input, workOrder: planned.workOrder }, context)
  }
  await functions.crawl({ execution: executionOf(name) }, { ledger: context.ledger, deployment: DEPLOYMENT })
}

async function problemsIn(stage: Stage, files: number): Promise<string[]> {
  const problems: string[] = []
  const data = { s3: stage.s3, name: 'data' }
  for (const [place, day] of DAYS.entries()) {
    const rows = await readDay(stage, day)
    const {
      published,
      intent,
      retired = [],
    } = (await readManifest(data, { dataset: TABLE, date: day })).manifest
    const isWhole = isGeneration(rows, AT_LEAST[place]!) && rows.length === (place === 0 ? files : 1)
    if (!isWhole) problems.push(`${day} holds [${rows.join(' ')}]`)
    if (intent) problems.push(`${day} has an open intent`)
    if (retired.length > 0) problems.push(`${day} has replaced files`)
    if (locationOf(published!) !== partitionPrefix(TABLE, day)) problems.push(`${day} is not at home`)
  }
  for (const prefix of [OPEN, AWAY, REQUEUED, REPLACEMENTS]) {
    for await (const { key } of listObjects(data, prefix)) problems.push(`${key} is left`)
  }
  return problems
}
