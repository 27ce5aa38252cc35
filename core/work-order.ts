import type { Day } from './dates.ts'
import { decodeDocument, encodeDocument, type DocumentKind } from './documents.ts'
import type { FileLimits } from './file-limits.ts'
import { workOrderKey } from './layout.ts'
import type { RawObject, StoredFile, UnreadObjects, WorkKind } from './manifest.ts'
import type { ExecutionRef } from './messages.ts'

/** What a job is told to do: PlanDay writes it, the job and PublishDay read it. */
export interface WorkOrder {
  readonly kind: WorkKind
  readonly dataset: string
  readonly date: Day
  readonly execution: ExecutionRef
  /** Token of the attempt. */
  readonly attempt: string
  /** Why the day is worked on. */
  readonly why: string
  readonly featureVersion: string
  /** The generation that the job makes. */
  readonly generation: number
  /** The generation that it starts from; 0: none. */
  readonly base: number
  readonly rawBucket: string
  readonly dataBucket: string
  /** Prefix in the data bucket that the job may write under. */
  readonly staging: string
  /** Raw objects to read, in key order; none in a consolidation. */
  readonly inputs: readonly RawObject[]
  /** Published parts to merge, in key order; none but in a consolidation. */
  readonly parts: readonly StoredFile[]
  readonly limits: FileLimits
  readonly progressKey: string
  readonly startedAt: string
  /**
   * Raw objects that are published but gone from the raw prefix.
   * @default 0
   */
  readonly vanished?: number
  /**
   * Objects below the raw prefix that are no inputs, as the listing told.
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

/** The bytes of a work order. */
export const encodeWorkOrder = (order: WorkOrder) => encodeDocument(order, WORK_ORDER)

/**
 * The work order that `encodeWorkOrder` wrote.
 *
 * @param key where the bytes came from, for the message
 * @throws DayfoldError CorruptState for bytes that are something else, or were written by a newer release
 */
export const decodeWorkOrder = (bytes: Uint8Array, key: string) => decodeDocument(bytes, key, WORK_ORDER)

/** Key of a work order in the data bucket. */
export const keyOfWorkOrder = ({ execution, dataset, date, attempt }: WorkOrder) =>
  workOrderKey(execution.name, dataset, date, attempt)
