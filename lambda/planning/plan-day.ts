import { randomUUID } from 'node:crypto'
import { hasEnded } from '../../core/dates.ts'
import type { DeployedDataset } from '../../core/deployment.ts'
import { DayfoldError } from '../../core/errors.ts'
import { jobNameStem } from '../../core/job-name.ts'
import { rawDayPrefix, s3Uri } from '../../core/layout.ts'
import type { Published } from '../../core/manifest.ts'
import type { PlanDayInput, PlanDayOutput } from '../../core/messages.ts'
import { MODES } from '../../core/modes.ts'
import type { Attempt } from '../../core/attempt.ts'
import type { FileLimits } from '../../core/file-limits.ts'
import type { IsRunning } from '../../aws/executions.ts'
import type { Bucket } from '../../aws/objects.ts'
import { headManifest, type ManifestHead, readAttempt } from '../../aws/day-state.ts'
import { isUnfinished } from '../ledger/attempts.ts'
import { rollForward } from '../ledger/intents.ts'
import type { Ledger, StoredManifest } from '../ledger/ledger.ts'
import { NO_MANIFEST, publishedOf, readManifest } from '../ledger/manifest-store.ts'
import { busyWith, claimUnlessBusy, type AttemptGate } from './attempt-gate.ts'
import { DECISIONS, isUnchanged, type Decision } from './decide.ts'
import { outcomes } from './outcomes.ts'
import { listRawObjects } from './raw-listing.ts'
import { workOrderFor, writeWorkOrder, type Work } from './order-work.ts'

export interface PlanDayContext {
  readonly ledger: Ledger
  readonly raw: Bucket
  readonly dataset: DeployedDataset
  readonly isRunning: IsRunning
  readonly limits: FileLimits
  /** Begins the names of jobs. */
  readonly jobPrefix: string
  /** ISO time. */
  readonly now: () => string
}

/**
 * Decides what a day needs, from the raw listing and the ledger alone, and writes the work order for it. A day without
 * news costs a listing and a HEAD.
 *
 * @throws DayfoldError EmptyPrefix for a rebuild of a day that has data but no raw objects
 */
export async function planDay(input: PlanDayInput, context: PlanDayContext): Promise<PlanDayOutput> {
  const head = await headManifest(context.ledger.data, input)
  if (head?.metadata.intent !== 'yes') return await planSettled(input, context, { head })
  if (input.dryRun) return outcomes(input).planned('an unfinished publish is finished first')
  return await planAfterIntent(input, context)
}

/** Finishes the open intent first, or leaves the day to whoever holds it. */
async function planAfterIntent(input: PlanDayInput, context: PlanDayContext): Promise<PlanDayOutput> {
  const end = await rollForward(context.ledger, input)
  if (end.kind === 'leased')
    return outcomes(input).busy(`${end.holder} is publishing it, or has died doing so`)
  if (end.kind === 'superseded') return outcomes(input).busy('another execution is finishing its publish')
  const head = await headManifest(context.ledger.data, input)
  return await planSettled(input, context, {
    head,
    ...(end.kind === 'published' && { finished: end.published }),
  })
}

interface Settled {
  readonly head: ManifestHead | undefined
  /** What this call has finished publishing. */
  readonly finished?: Published
}

async function planSettled(
  input: PlanDayInput,
  context: PlanDayContext,
  settled: Settled,
): Promise<PlanDayOutput> {
  const mode = MODES[input.mode]
  const failed = mode.isForFailed ? await failedAttempt(input, context, settled) : undefined
  if (failed && 'action' in failed) return failed
  const { dataset, limits } = context
  const { objects: listing, others } = await listRawObjects(context.raw, dataset, input.date)
  const isOver = hasEnded(input.date, input.at, dataset.timeZone)
  const facts = { listing, others, featureVersion: dataset.featureVersion, isOver, limits }
  if (mode.passesUnchanged && isUnchanged(settled.head?.metadata, facts)) {
    return outcomes(input).unchanged(
      { generation: Number(settled.head!.metadata.generation), ...settled },
      'unchanged',
      0,
    )
  }
  const stored = settled.head ? await readManifest(context.ledger.data, input) : NO_MANIFEST
  // Written since the HEAD, so that the listing may be older than what is published: look again.
  if (stored.etag !== settled.head?.etag) return await planDay(input, context)
  const { published } = stored.manifest
  const decision = DECISIONS[input.mode]({ ...facts, published }, { ...input, failed })
  return await act(input, context, { decision, stored, settled })
}

/** The failed attempt of a day, or the answer where there is none. */
async function failedAttempt(
  input: PlanDayInput,
  { ledger, isRunning }: PlanDayContext,
  { head, finished }: Settled,
): Promise<Attempt | PlanDayOutput> {
  const stored = await readAttempt(ledger.data, input)
  const published = publishedOf(head)
  if (!stored || !isUnfinished(stored.attempt, published)) {
    return finished ? outcomes(input).unchanged({ finished }, '', 0) : outcomes(input).notFailed()
  }
  const gate: AttemptGate = { data: ledger.data, isRunning, execution: input.execution.arn }
  const busy = await busyWith(gate, stored.attempt, published?.attempt)
  return busy === undefined ? stored.attempt : outcomes(input).busy(`${busy} is working on it`)
}

interface Decided {
  readonly decision: Decision
  readonly stored: StoredManifest
  readonly settled: Settled
}

async function act(
  input: PlanDayInput,
  context: PlanDayContext,
  { decision, stored, settled }: Decided,
): Promise<PlanDayOutput> {
  if (decision.kind === 'refuse') throw emptyPrefix(input, context, decision.why)
  if (decision.kind === 'none') {
    if (decision.status === 'empty') return outcomes(input).empty(decision.why)
    const { published } = stored.manifest
    return outcomes(input).unchanged(
      { ...settled, ...(published && { generation: published.generation, totals: published.totals }) },
      decision.why,
      decision.vanished,
    )
  }
  // Opened since it was looked at: somebody is publishing.
  if (stored.manifest.intent)
    return outcomes(input).busy(`${stored.manifest.intent.next.execution} is publishing it`)
  if (input.dryRun) return outcomes(input).planned(decision.why, decision.kind, decision.vanished)
  return await beginWork(input, context, decision, stored)
}

async function beginWork(
  input: PlanDayInput,
  context: PlanDayContext,
  decision: Work,
  stored: StoredManifest,
): Promise<PlanDayOutput> {
  const { ledger, isRunning, jobPrefix, dataset, now } = context
  const { kind, why } = decision
  const attempt: Attempt = {
    token: randomUUID(),
    kind,
    execution: input.execution.arn,
    child: input.child.arn,
    startedAt: now(),
    why,
  }
  const gate: AttemptGate = { data: ledger.data, isRunning, execution: input.execution.arn }
  const busy = await claimUnlessBusy(gate, input, attempt, stored.manifest.published?.attempt)
  if (busy !== undefined) return outcomes(input).busy(`${busy} is working on it`)
  const order = workOrderFor(input, { ...context, attempt, decision, manifest: stored.manifest })
  const { arn: childArn, redriveCount } = input.child
  return {
    action: 'process',
    workOrder: await writeWorkOrder(ledger.data, order),
    jobName: jobNameStem({ prefix: jobPrefix, ...input, childArn, redriveCount }),
    featureVersion: dataset.featureVersion,
  }
}

function emptyPrefix({ date }: PlanDayInput, { raw, dataset }: PlanDayContext, why: string): DayfoldError {
  const prefix = s3Uri(raw.name, rawDayPrefix(dataset.rawPrefix, date))
  return new DayfoldError(
    'EmptyPrefix',
    `${dataset.name} ${date}: ${prefix}: ${why}. They stay; rebuild with "allowEmpty": true to delete them.`,
  )
}
