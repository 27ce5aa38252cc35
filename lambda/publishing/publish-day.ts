import { randomUUID } from 'node:crypto'
import type { DeployedDataset } from '../../core/deployment.ts'
import type { DatasetDay } from '../../core/execution-input.ts'
import { DayfoldError } from '../../core/errors.ts'
import { s3Uri, stagedRejectsPrefix } from '../../core/layout.ts'
import type { Published } from '../../core/manifest.ts'
import type { PublishDayInput, PublishDayOutput } from '../../core/messages.ts'
import type { WorkOrder } from '../../core/work-order.ts'
import type { JobReport } from '../../core/job-report.ts'
import { inParallel } from '../../aws/in-parallel.ts'
import { listObjects } from '../../aws/list-objects.ts'
import { copyToNewName } from '../../aws/write-objects.ts'
import { tableColumns } from '../../aws/partitions.ts'
import { headManifest } from '../../aws/day-state.ts'
import { keptCopyKey } from '../ledger/files.ts'
import { finishIntent, openIntent, rollForward } from '../ledger/intents.ts'
import type { Ledger, StoredManifest } from '../ledger/ledger.ts'
import { nextGeneration, readManifest } from '../ledger/manifest-store.ts'
import { putOpenEntry, settleOpenEntry } from '../ledger/open-entries.ts'
import { checkRejectedRatio, checkReport, checkStaged } from './accounting.ts'
import { checkColumns } from './columns.ts'
import { waitForIdleCrawler, type CrawlerIdleOptions } from './crawler-idle.ts'
import { intentFor, nextPublished } from './next-generation.ts'
import { stagedFiles, type StagedFiles } from './staged-names.ts'
import { publishedOutcome } from './published-outcome.ts'
import { readReport, readWorkOrder } from './finished-work.ts'

export interface PublishDayContext {
  readonly ledger: Ledger
  readonly dataset: DeployedDataset
  /** ISO time. */
  readonly now: () => string
  readonly crawlerIdle?: CrawlerIdleOptions
}

const LOST: PublishDayOutput = { won: false }

/**
 * Publishes what a job has staged, or finds that the day has moved since it was planned. Called again for the same
 * order, it goes on where a call that died has stopped.
 *
 * @throws DayfoldError FeatureVersionMismatch, AccountingMismatch, StagingGone, RejectedRatioExceeded or ColumnsMismatch
 *   before anything is changed
 */
export async function publishDay(
  input: PublishDayInput,
  context: PublishDayContext,
): Promise<PublishDayOutput> {
  const { ledger } = context
  const order = await readWorkOrder(ledger.data, input.workOrder)
  const end = await rollForward(ledger, order)
  if (end.kind === 'leased' || end.kind === 'superseded') return LOST
  const stored = end.kind === 'none' ? end.stored : await readManifest(ledger.data, order)
  if (stored.manifest.published?.attempt === order.attempt) {
    await settleOpenEntry(ledger, order)
    return won(order, stored.manifest.published)
  }
  if (!isCurrent(order, stored)) return LOST
  try {
    return await publishOrder(order, stored, context)
  } catch (error) {
    // A writer that replaces the day deletes what others have staged, at any moment after the look above.
    if (isStagingGone(error) && (await hasMoved(ledger, order, stored))) return LOST
    throw error
  }
}

const isStagingGone = (error: unknown) => error instanceof DayfoldError && error.code === 'StagingGone'

/** True when another writer has written the day's manifest since it was read. */
async function hasMoved({ data }: Ledger, day: DatasetDay, { etag }: StoredManifest): Promise<boolean> {
  return (await headManifest(data, day))?.etag !== etag
}

/** True while the day is as it was when the order was made. */
function isCurrent(order: WorkOrder, { manifest }: StoredManifest): boolean {
  const base = manifest.published?.generation ?? 0
  return !manifest.intent && base === order.base && nextGeneration(manifest) === order.generation
}

async function publishOrder(
  order: WorkOrder,
  stored: StoredManifest,
  context: PublishDayContext,
): Promise<PublishDayOutput> {
  const { ledger, dataset } = context
  const report = await readReport(ledger.data, order)
  const base = stored.manifest.published
  checkReport(order, report, dataset.featureVersion)
  const staged = stagedFiles(order, report)
  checkStaged([...report.parts, ...report.rejects], await listStaged(ledger, order))
  checkColumns(dataset.name, dataset.columns, await tableColumns(ledger.catalog, dataset.name))
  const next = nextPublished({ base, order, report, staged, publishedAt: context.now(), nonce: randomUUID() })
  if (order.kind !== 'consolidate') checkRatio(next, { order, report }, context)
  return await publishNext(order, stored, { next, staged }, context)
}

async function publishNext(
  order: WorkOrder,
  stored: StoredManifest,
  { next, staged }: { readonly next: Published; readonly staged: StagedFiles },
  { ledger, dataset, crawlerIdle }: PublishDayContext,
): Promise<PublishDayOutput> {
  const intent = intentFor(stored.manifest.published, next, order, staged)
  await putOpenEntry(ledger, order, stored.etag)
  if (order.kind !== 'extend') {
    if (!(await stageKeptParts(ledger, order, next, staged))) return await lostParts(ledger, order, stored)
    await waitForIdleCrawler(ledger, dataset.name, dataset.crawler, crawlerIdle)
  }
  const held = await openIntent(ledger, order, stored, intent)
  if (!held) {
    await settleOpenEntry(ledger, order)
    return LOST
  }
  await finishIntent(ledger, held)
  // Whoever has finished it: what counts is whether it stands.
  const { published } = (await readManifest(ledger.data, order)).manifest
  return published?.attempt === order.attempt ? won(order, published) : LOST
}

/** Bytes by key of what lies in an order's staging. */
async function listStaged({ data }: Ledger, order: WorkOrder): Promise<Map<string, number>> {
  const listed = new Map<string, number>()
  for await (const { key, size } of listObjects(data, order.staging)) listed.set(key, size)
  return listed
}

/**
 * Puts the parts that a replacement keeps beside the staged ones: while files are replaced, Athena reads the staged
 * set, which has to be the whole day.
 *
 * @returns false when one of them is gone
 */
async function stageKeptParts(
  ledger: Ledger,
  order: WorkOrder,
  next: Published,
  staged: StagedFiles,
): Promise<boolean> {
  const own = new Set(staged.parts.map(({ to }) => to))
  const kept = next.parts.filter((part) => !own.has(part.key))
  const copied = await inParallel(kept, async ({ key }) => {
    return await copyToNewName(ledger.data, key, keptCopyKey(order.staging, order.generation, key))
  })
  return copied.every(Boolean)
}

/** Published parts go when another writer replaces them, and at no other time. */
async function lostParts(
  ledger: Ledger,
  order: WorkOrder,
  stored: StoredManifest,
): Promise<PublishDayOutput> {
  if (await hasMoved(ledger, order, stored)) return LOST
  const generation = stored.manifest.published?.generation
  throw new DayfoldError(
    'CorruptState',
    `${order.dataset} ${order.date}: expected every part of generation ${generation} under its ` +
      'name, found one gone. Rebuild the day.',
  )
}

function won(order: WorkOrder, published: Published): PublishDayOutput {
  return { won: true, outcome: publishedOutcome(order, published) }
}

function checkRatio(
  next: Published,
  { order, report }: { readonly order: WorkOrder; readonly report: JobReport },
  { ledger, dataset }: PublishDayContext,
): void {
  const prefix = s3Uri(ledger.data.name, stagedRejectsPrefix(order.staging))
  checkRejectedRatio(next, dataset.maxRejectedRatio, { prefix, rejectedFor: report.rejectedFor })
}
