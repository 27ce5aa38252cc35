import type { Day } from './dates.ts'
import { decodeDocument, encodeDocument, type DocumentKind } from './documents.ts'
import type { FileLimits } from './file-limits.ts'
import { workOrderKey } from './layout.ts'
import type { RawObject, StoredFile, UnreadObjects, WorkKind } from './manifest.ts'
import type { ExecutionRef } from './messages.ts'

/**
 * Instructions for a job, stored as `runs/<execution>/orders/<table>/<date>/<token>.json.gz`. PlanDay writes it, the
 * job and PublishDay read it.
 */
export interface WorkOrder {
  readonly kind: WorkKind
  readonly dataset: string
  readonly date: Day
  readonly execution: ExecutionRef
  /** Token of the attempt. */
  readonly attempt: string
  /** Reason for working on the day, in words. */
  readonly why: string
  /** Version of the feature code that the job must have. */
  readonly featureVersion: string
  /** Generation that the job makes. */
  readonly generation: number
  /** Published generation that the job starts from; 0 if nothing is published. */
  readonly base: number
  readonly rawBucket: string
  readonly dataBucket: string
  /** Prefix in the data bucket that the job may write below. */
  readonly staging: string
  /** Raw objects to read, in key order; empty in a consolidation. */
  readonly inputs: readonly RawObject[]
  /** Published parts to merge, in key order; empty unless in a consolidation. */
  readonly parts: readonly StoredFile[]
  /** Size limits of the files that the job writes. */
  readonly limits: FileLimits
  /** Key in the data bucket under which the job reports its progress. */
  readonly progressKey: string
  /** ISO time at which the attempt started. */
  readonly startedAt: string
  /**
   * Number of raw objects that are published but gone from the raw prefix.
   * @default 0
   */
  readonly vanished?: number
  /**
   * Objects below the raw prefix that the listing excluded from the inputs.
   * @default not counted
   */
  readonly unread?: UnreadObjects
}

const WORK_ORDER: DocumentKind<WorkOrder> = {
  name: 'a work order',
  version: 1,
  saysVersion: true,
  isGzipped: true,
  fields: {
    kind: 'string',
    dataset: 'string',
    date: 'string',
    execution: 'object',
    attempt: 'string',
    why: 'string',
    featureVersion: 'string',
    generation: 'number',
    base: 'number',
    rawBucket: 'string',
    dataBucket: 'string',
    staging: 'string',
    inputs: 'list',
    parts: 'list',
    limits: 'object',
    progressKey: 'string',
    startedAt: 'string',
  },
  remedy: 'Run the day again.',
  mendedBy: 'failed',
}

/** Encodes a work order as the gzipped JSON that is stored under {@link keyOfWorkOrder}. */
export const encodeWorkOrder = (order: WorkOrder) => encodeDocument(order, WORK_ORDER)

/**
 * Decodes a work order that this release or an older one wrote.
 *
 * @param key where the bytes came from, for the message
 * @throws DayfoldError CorruptState if the bytes are no work order, or a newer release wrote them
 */
export const decodeWorkOrder = (bytes: Uint8Array, key: string) => decodeDocument(bytes, key, WORK_ORDER)

/** Returns the key in the data bucket under which a work order is stored. */
export const keyOfWorkOrder = ({ execution, dataset, date, attempt }: WorkOrder) =>
  workOrderKey(execution.name, dataset, date, attempt)
