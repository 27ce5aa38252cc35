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
  /**
   * Digest of the raw files that could be read, as `inputsDigest` makes it.
   * @default it failed before they were listed, or an older release made it
   */
  readonly inputs?: string
  /** Of the feature code that was tried. @default not known */
  readonly featureVersion?: string
  /** Digest of the settings that it was tried with. @default not known */
  readonly settings?: string
  /** Name and message of the error, once the attempt is known to have failed. */
  readonly error?: string
  /**
   * Whether it fails so again as long as raw files, feature code and settings are the same.
   * @default false
   */
  readonly lasts?: boolean
  /** Who has accepted that it failed, of the raw files, feature code and settings that it names. @default nobody */
  readonly accepted?: Acceptance
}

/** That somebody accepts a failed day as it is. */
export interface Acceptance {
  /** ARN of the execution that was started for it. */
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

/** The bytes of an attempt. */
export const encodeAttempt = (attempt: Attempt) => encodeDocument(attempt, ATTEMPT)

/**
 * The attempt that `encodeAttempt` wrote.
 *
 * @param key where the bytes came from, for the message
 * @throws DayfoldError CorruptState for bytes that are something else, or were written by a newer release
 */
export const decodeAttempt = (bytes: Uint8Array, key: string) => decodeDocument(bytes, key, ATTEMPT)
