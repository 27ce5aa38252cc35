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

/** A decision that needs a job, and the facts that it was made from. */
export interface Begun {
  readonly decision: Work
  /** Objects that the listing shows and that are not read. */
  readonly unread: UnreadObjects
  readonly stored: StoredManifest
  /** Identity of the attempt, by which a failure is recognized. */
  readonly tried: Tried
}

/**
 * Claims the day and writes its work order, unless another execution works on it or its dataset has no place free.
 *
 * @returns undefined where the day has changed since its manifest was read: files that the job would read may be
 * deleted
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
