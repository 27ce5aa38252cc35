import { randomUUID } from 'node:crypto'
import type { DeployedDataset } from '../../core/deployment.ts'
import { DayfoldError } from '../../core/errors.ts'
import { generationOf, locationOf, rejectedPrefix, s3Uri, stagedRejectsPrefix } from '../../core/layout.ts'
import type { AddIntent, Intent, MoveIntent, Published, RetiredFolder } from '../../core/manifest.ts'
import type { PublishDayInput, PublishDayOutput } from '../../core/messages.ts'
import type { WorkOrder } from '../../core/work-order.ts'
import type { JobReport } from '../../core/job-report.ts'
import { readAttempt } from '../../aws/day-state.ts'
import { listObjects } from '../../aws/list-objects.ts'
import { recordFolder } from '../ledger/copies.ts'
import { openIntent, type Wanted } from '../ledger/intents.ts'
import type { Ledger, StoredManifest } from '../ledger/ledger.ts'
import { nextGenerationNumber, readManifest } from '../ledger/manifest-store.ts'
import { reconcileOpenEntry } from '../ledger/open-entries.ts'
import { giveBackPlace } from '../ledger/places.ts'
import { finishIntent, rollForward } from '../ledger/operations/finish.ts'
import { whySuperseded } from '../ledger/table-columns.ts'
import { tendDay } from '../ledger/tend.ts'
import { checkReport, checkStaged } from './accounting.ts'
import { checkChecks } from './check-checks.ts'
import { folderFor } from './choose-folder.ts'
import { describeDay } from './day-profile.ts'
import { nextGeneration, type NextGeneration } from './next-generation.ts'
import { publishedOutcome, supersededOutcome } from './published-outcome.ts'
import { readReport, readWorkOrder, reasonsOfRejects } from './finished-work.ts'
import { checkRejectedShare } from './rejected-share.ts'
import { stagedBy } from './staged-names.ts'
import { checkUnreadable } from './unreadable.ts'

/** Ledger, dataset and clock that PublishDay works with. */
export interface PublishDayContext {
  readonly ledger: Ledger
  readonly dataset: DeployedDataset
  /** Returns the current time as an ISO time. */
  readonly now: () => string
}

const LOST: PublishDayOutput = { won: false }

/**
 * Publishes the files that a job has staged, or returns `won: false` if the day has changed since it was planned. A
 * second call for the same order continues where a call that died stopped. If a column of the table has another type,
 * the table belongs to another release: the outcome is then `superseded`.
 *
 * @throws DayfoldError FeatureVersionMismatch, AccountingMismatch, StagingGone, UnreadableObjects,
 * RejectedRatioExceeded, ChecksFailed or TableGone before anything is changed; CatalogBusy, worth another try, while
 * another execution empties a folder of the day
 */
export async function publishDay(
  input: PublishDayInput,
  context: PublishDayContext,
): Promise<PublishDayOutput> {
  const { data } = context.ledger
  const order = await readWorkOrder(data, input.workOrder)
  const output = await publishUnlessLost(order, { ...context, at: input.at })
  const { maxConcurrency: count } = context.dataset
  // Other days keep their slot until the child ends: it has failed, or is planned again.
  if (output.won && count !== undefined)
    await giveBackPlace({ data, count }, { dataset: order.dataset, nonce: order.attempt })
  return output
}

interface Publishing extends PublishDayContext {
  /** ISO time that "today" is taken from. */
  readonly at: string
}

async function publishUnlessLost(order: WorkOrder, context: Publishing): Promise<PublishDayOutput> {
  const { ledger } = context
  const end = await rollForward(ledger, order, { hasWork: true })
  if (end.kind === 'leased') return leased(order, end.intent)
  if (end.kind === 'superseded') return LOST
  const stored = end.kind === 'none' ? end.stored : await readManifest(ledger.data, order)
  let report: JobReport | undefined
  if (stored.manifest.published?.attempt !== order.attempt) {
    if (!isCurrent(order, stored)) return LOST
    const superseded = await whySuperseded(ledger.catalog, context.dataset)
    if (superseded !== undefined) return { won: true, outcome: supersededOutcome(order, superseded) }
    report = await publishOrder(order, stored, context)
  }
  await reconcileOpenEntry(ledger, order)
  // Anybody may have finished it: it counts if this order is what is published.
  const { published } = (await readManifest(ledger.data, order)).manifest
  if (published?.attempt !== order.attempt) return LOST
  // Queries have no grace: the day goes home at once.
  if (ledger.graceSeconds === 0) await tendDay(ledger, order, () => isClaimedAgain(ledger, order))
  const reasons = await reasonsOfRejects(ledger.data, order, published, report)
  return { won: true, outcome: publishedOutcome(order, published, reasons) }
}

/** True once the next attempt at the day has begun: its job may read what this one has left. */
async function isClaimedAgain({ data }: Ledger, order: WorkOrder): Promise<boolean> {
  return (await readAttempt(data, order))?.attempt.token !== order.attempt
}

/** Waits for a folder that is being emptied, which takes seconds; another publish makes this one too late. */
function leased({ dataset, date }: WorkOrder, { operation, holder }: Intent): PublishDayOutput {
  if (operation !== 'retire') return LOST
  throw new DayfoldError(
    'CatalogBusy',
    `${dataset} ${date}: expected nobody to work on it, found that ${holder} deletes replaced files. Publish again.`,
  )
}

/** True while the day is at the generation that the order was planned from, in whatever folder. */
function isCurrent(order: WorkOrder, { manifest }: StoredManifest): boolean {
  const base = manifest.published?.generation ?? 0
  return !manifest.intent && base === order.base && nextGenerationNumber(manifest) === order.generation
}

async function publishOrder(
  order: WorkOrder,
  stored: StoredManifest,
  context: Publishing,
): Promise<JobReport> {
  const { ledger, dataset, at } = context
  const report = await readReport(ledger.data, order)
  const base = stored.manifest.published
  checkReport(order, report, dataset.featureVersion)
  checkStaged(stagedBy(report), await listStaged(ledger, order))
  const isAdd = base !== null && order.kind === 'extend' && report.parts.length <= 1
  const location = isAdd ? locationOf(base) : await folderFor(ledger, order, stored.manifest)
  const published = { publishedAt: context.now(), nonce: randomUUID() }
  const made = nextGeneration({ base, order, report, location, ...published })
  const described = await describeDay(made.next, made.copies, {
    data: ledger.data,
    dataset,
    at,
  })
  const generation = { ...made, next: { ...made.next, ...described } }
  // The rows of a consolidation are published already.
  if (order.kind !== 'consolidate') checkReading(generation.next, { order, report }, context)
  const wanted = isAdd ? added(generation) : await moved(ledger, stored, generation)
  const held = await openIntent<AddIntent | MoveIntent>(ledger, order, stored, wanted)
  if (held) await finishIntent(ledger, held)
  return report
}

const added = ({ next, copies }: NextGeneration): Wanted<AddIntent> => ({ operation: 'add', next, copies })

async function moved(
  ledger: Ledger,
  stored: StoredManifest,
  { next, copies }: NextGeneration,
): Promise<Wanted<MoveIntent>> {
  const leaves = stored.manifest.published && (await leave(ledger, stored, next))
  return { operation: 'move', next, copies, leaves }
}

/** Records the folder that is left, with older reject files and sketches that the next generation does without. */
async function leave(ledger: Ledger, stored: StoredManifest, next: Published): Promise<RetiredFolder> {
  const { prefix, keys } = await recordFolder(ledger, next, stored)
  const { rejects: nextRejects, sketches: nextSketches = [] } = next
  const kept = new Set([...nextRejects, ...nextSketches].map(({ key }) => key))
  const sketches = (stored.manifest.published?.sketches ?? []).map(({ key }) => key)
  const rejects: string[] = []
  for await (const { key } of listObjects(ledger.data, rejectedPrefix(next.dataset, next.date))) {
    if (!kept.has(key) && (generationOf(key) ?? next.generation) < next.generation) rejects.push(key)
  }
  return { prefix, keys: [...keys, ...rejects, ...sketches.filter((key) => !kept.has(key))] }
}

/** Lists an order's staging: bytes by key. */
async function listStaged({ data }: Ledger, order: WorkOrder): Promise<Map<string, number>> {
  const listed = new Map<string, number>()
  for await (const { key, size } of listObjects(data, order.staging)) listed.set(key, size)
  return listed
}

function checkReading(
  next: Published,
  { order, report }: { readonly order: WorkOrder; readonly report: JobReport },
  { ledger, dataset }: PublishDayContext,
): void {
  checkUnreadable(order, next, dataset)
  const prefix = s3Uri(ledger.data.name, stagedRejectsPrefix(order.staging))
  checkRejectedShare(next, dataset, { prefix, rejectedFor: report.rejectedFor })
  checkChecks(next)
}
