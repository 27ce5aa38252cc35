import type { DeployedDataset } from '../../core/deployment.ts'
import { progressKey, stagingPrefix } from '../../core/layout.ts'
import type { Manifest, UnreadObjects } from '../../core/manifest.ts'
import type { PlanDayInput } from '../../core/messages.ts'
import { encodeWorkOrder, keyOfWorkOrder, type WorkOrder } from '../../core/work-order.ts'
import type { Attempt } from '../../core/attempt.ts'
import type { FileLimits } from '../../core/file-limits.ts'
import type { Bucket } from '../../aws/objects.ts'
import { putObject } from '../../aws/write-objects.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { nextGenerationNumber } from '../ledger/manifest-store.ts'
import type { Decision } from './decide.ts'

/** A decision about a day that needs a job. */
export type Work = Extract<Decision, { kind: 'extend' | 'rebuild' | 'consolidate' }>

/** A decision, and the facts and settings that its work order is made from. */
export interface WorkOrderOptions {
  readonly decision: Work
  /** Objects below the day's raw prefix that the job will not read, by kind. */
  readonly unread: UnreadObjects
  /** The attempt that the job belongs to. */
  readonly attempt: Attempt
  /** The manifest that the decision was made from. */
  readonly manifest: Manifest
  readonly dataset: DeployedDataset
  /** Sizes of parts and row groups to make. */
  readonly limits: FileLimits
  /** The raw bucket. */
  readonly raw: Bucket
  readonly ledger: Ledger
}

/** Makes the work order that tells a job what to do with a day. Writes nothing. */
export function workOrderFor(input: PlanDayInput, options: WorkOrderOptions): WorkOrder {
  const { decision, unread, attempt, manifest, dataset, limits, raw, ledger } = options
  const { execution, date } = input
  return {
    kind: decision.kind,
    dataset: dataset.name,
    date,
    execution,
    attempt: attempt.token,
    why: decision.why,
    featureVersion: dataset.featureVersion,
    generation: nextGenerationNumber(manifest),
    base: manifest.published?.generation ?? 0,
    rawBucket: raw.name,
    dataBucket: ledger.data.name,
    staging: stagingPrefix(dataset.name, date, attempt.token),
    inputs: decision.kind === 'consolidate' ? [] : decision.inputs,
    parts: decision.kind === 'consolidate' ? decision.parts : [],
    limits,
    progressKey: progressKey(execution.name, dataset.name, date),
    startedAt: attempt.startedAt,
    vanished: decision.vanished,
    unread,
  }
}

/** Writes a work order to `runs/<execution>/orders/` and returns its key in the data bucket. */
export async function writeWorkOrder(data: Bucket, order: WorkOrder): Promise<string> {
  const key = keyOfWorkOrder(order)
  await putObject(data, key, encodeWorkOrder(order), { contentType: 'application/gzip' })
  return key
}
