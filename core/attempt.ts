import { decodeDocument, encodeDocument, type DocumentKind } from './documents.ts'
import type { WorkKind } from './manifest.ts'

/**
 * The newest attempt at a day, stored as `state/<table>/day_partition=<date>/attempt.json`. PlanDay writes it before
 * the job starts; PlanDay or Collect notes the error, mode `accept` adds `accepted`. An attempt counts as failed if it
 * is not the published one and nobody works on it any more.
 */
export interface Attempt {
  /** Random text that identifies the attempt, also in the names of its files. */
  readonly token: string
  /** Kind of work that was planned. */
  readonly kind: WorkKind
  /** ARN of the execution of the state machine, not of the Map's child. */
  readonly execution: string
  /**
   * ARN of the Map's child that works on the day. The child ends with its day, the execution only when all of its days
   * have ended.
   * @default the execution
   */
  readonly child?: string
  /** ISO time. */
  readonly startedAt: string
  /** Reason for working on the day, in words. */
  readonly why: string
  /**
   * Digest of the readable raw files, from `inputsDigest`.
   * @default the attempt failed before they were listed, or an older release made it
   */
  readonly inputs?: string
  /** Version of the feature code that was tried. @default unknown */
  readonly featureVersion?: string
  /** Digest of the dataset's settings that were tried. @default unknown */
  readonly settings?: string
  /** Name and message of the error, as `name: message`. @default the attempt is not known to have failed */
  readonly error?: string
  /**
   * True if the failure will recur while raw files, feature code and settings stay the same.
   * @default false
   */
  readonly lasts?: boolean
  /**
   * Set once somebody has accepted the failure, for the raw files, feature code and settings named here.
   * @default not accepted
   */
  readonly accepted?: Acceptance
}

/** A person's decision to leave a failed day as it is. Mode `accept` writes it into the {@link Attempt}. */
export interface Acceptance {
  /** ARN of the execution that recorded the decision. */
  readonly execution: string
  /** ISO time. */
  readonly at: string
}

const ATTEMPT: DocumentKind<Attempt> = {
  name: 'an attempt',
  version: 1,
  saysVersion: false,
  isGzipped: false,
  fields: { token: 'string', kind: 'string', execution: 'string', startedAt: 'string', why: 'string' },
  remedy:
    'It counts as failed. An execution for failed days replaces it, or removes it where there is nothing to do.',
  mendedBy: 'failed',
}

/** Encodes an attempt as the JSON that is stored as `attempt.json`. */
export const encodeAttempt = (attempt: Attempt) => encodeDocument(attempt, ATTEMPT)

/**
 * Decodes an attempt that this release or an older one wrote.
 *
 * @param key where the bytes came from, for the message
 * @throws DayfoldError CorruptState if the bytes are no attempt, or a newer release wrote them
 */
export const decodeAttempt = (bytes: Uint8Array, key: string) => decodeDocument(bytes, key, ATTEMPT)
