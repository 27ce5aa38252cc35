import { randomUUID } from 'node:crypto'
import type { Attempt } from '../../core/attempt.ts'
import { jobNameStem } from '../../core/job-name.ts'
import { locationOf } from '../../core/layout.ts'
import type { Published, UnreadObjects } from '../../core/manifest.ts'
import type { PlanDayInput, PlanDayOutput } from '../../core/messages.ts'
import type { StoredManifest } from '../ledger/ledger.ts'
import { readManifest } from '../ledger/manifest-store.ts'
import { claimWithPlace } from './claim-with-place.ts'
import type { PlanDayContext } from './context.ts'
import { workOrderFor, writeWorkOrder, type Work } from './order-work.ts'
import type { Tried } from './tried.ts'

/** A decision that a day needs a job, with the facts that its work order and its attempt are made from. */
export interface Begun {
  readonly decision: Work
  /** Objects below the day's raw prefix that the job will not read, by kind. */
  readonly unread: UnreadObjects
  /** The manifest that the decision was made from. */
  readonly stored: StoredManifest
  /**
   * Identity of the attempt: digests of raw files and settings, and the feature version. They are stored with the
   * attempt; if it fails, an attempt with equal values is not made.
   */
  readonly tried: Tried
}

/**
 * Reserves the day for an attempt and writes its work order. Returns PlanDay's answer: to start the job, or to wait or
 * leave the day if another execution works on it or all concurrency slots of its dataset are taken.
 *
 * @returns undefined if the day has changed since its manifest was read, because files that the job would read may be
 * deleted: plan it again
 */
export async function beginWork(
  input: PlanDayInput,
  context: PlanDayContext,
  { decision, unread, stored, tried }: Begun,
): Promise<PlanDayOutput | undefined> {
  const { ledger, jobPrefix, dataset, now } = context
  const { kind, why } = decision
  const { instanceType, volumeSizeGb } = dataset
  const attempt: Attempt = {
    token: randomUUID(),
    kind,
    execution: input.execution.arn,
    child: input.child.arn,
    startedAt: now(),
    why,
    ...tried,
  }
  const refusal = await claimWithPlace(input, context, attempt, stored.manifest.published?.attempt)
  if (refusal) return refusal
  // After the claim nothing is deleted; an intent tells of deletes that began before it.
  if (hasMoved(stored, await readManifest(ledger.data, input))) return undefined
  const order = workOrderFor(input, { ...context, attempt, decision, unread, manifest: stored.manifest })
  const { arn: childArn, redriveCount } = input.child
  return {
    action: 'process',
    workOrder: await writeWorkOrder(ledger.data, order),
    jobName: jobNameStem({ prefix: jobPrefix, ...input, childArn, redriveCount }),
    featureVersion: dataset.featureVersion,
    ...(instanceType !== undefined && { instanceType }),
    ...(volumeSizeGb !== undefined && { volumeSizeGb }),
  }
}

function hasMoved({ manifest: { published } }: StoredManifest, { manifest }: StoredManifest): boolean {
  const { intent, published: now } = manifest
  return intent !== null || now?.generation !== published?.generation || folder(now) !== folder(published)
}

const folder = (published: Published | null) => published && locationOf(published)
