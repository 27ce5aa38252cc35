import type { Day } from './dates.ts'
import { decodeDocument, encodeDocument, type DocumentKind } from './documents.ts'
import type { Input, StoredFile, Totals, WorkKind } from './manifest.ts'
import type { RejectedFor } from './rejects.ts'

/** What a job did: the last object that it stages, which PublishDay reads. */
export interface JobReport {
  readonly kind: WorkKind
  readonly dataset: string
  readonly date: Day
  readonly attempt: string
  /** As the bundle knows it. */
  readonly featureVersion: string
  readonly inputs: readonly Input[]
  /** Staged parts. */
  readonly parts: readonly StoredFile[]
  /** Staged reject files. */
  readonly rejects: readonly StoredFile[]
  /**
   * Staged sketch of the values of all rows, on its own.
   * @default none, as of a job that reads no raw files
   */
  readonly sketches?: readonly StoredFile[]
  /**
   * The reasons of the rejects, the commonest first.
   * @default not known
   */
  readonly rejectedFor?: readonly RejectedFor[]
  readonly totals: Totals
  /**
   * Version of the engine that read the inputs.
   * @default that of 0.1.0
   */
  readonly engine?: string
  /** Share of values that were encoded more than once. */
  readonly reencodedValues: number
  readonly encodedValues: number
  /** Seconds by phase, summed over threads. */
  readonly phaseSeconds: Readonly<Record<string, number>>
  readonly startedAt: string
  readonly finishedAt: string
}

const JOB_REPORT: DocumentKind<JobReport> = {
  name: 'a job report',
  version: 1,
  saysVersion: true,
  isGzipped: true,
  fields: {
    kind: 'string',
    dataset: 'string',
    date: 'string',
    attempt: 'string',
    featureVersion: 'string',
    inputs: 'list',
    parts: 'list',
    rejects: 'list',
    totals: 'object',
    reencodedValues: 'number',
    encodedValues: 'number',
    phaseSeconds: 'object',
    startedAt: 'string',
    finishedAt: 'string',
  },
  remedy: 'Run the day again.',
  mendedBy: 'failed',
}

/** The bytes of a report. */
export const encodeReport = (report: JobReport) => encodeDocument(report, JOB_REPORT)

/**
 * The report that `encodeReport` wrote.
 *
 * @param key where the bytes came from, for the message
 * @throws DayfoldError CorruptState for bytes that are something else, or were written by a newer release
 */
export const decodeReport = (bytes: Uint8Array, key: string) => decodeDocument(bytes, key, JOB_REPORT)
