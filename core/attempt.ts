import { decodeDocument, encodeDocument, type DocumentKind } from './documents.ts'
import type { WorkKind } from './manifest.ts'

/** The newest attempt at a day. It has failed when it is not the published one and nobody works on it any more. */
export interface Attempt {
  readonly token: string
  readonly kind: WorkKind
  /** ARN of the execution (of the state machine, not of the Map's child). */
  readonly execution: string
  /**
   * ARN of the Map's child that works on the day. It ends when the day does, its execution only when all days have.
   * @default the execution
   */
  readonly child?: string
  readonly startedAt: string
  /** Why the day is worked on. */
  readonly why: string
  /** Set where the attempt is known to have failed before a job could start. */
  readonly error?: string
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

/** The bytes of an attempt. */
export const encodeAttempt = (attempt: Attempt) => encodeDocument(attempt, ATTEMPT)

/**
 * The attempt that `encodeAttempt` wrote.
 *
 * @param key where the bytes came from, for the message
 * @throws DayfoldError CorruptState for bytes that are something else, or were written by a newer release
 */
export const decodeAttempt = (bytes: Uint8Array, key: string) => decodeDocument(bytes, key, ATTEMPT)
