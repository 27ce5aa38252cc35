import type { Day } from './dates.ts'
import { decodeDocument, encodeDocument, type DocumentKind } from './documents.ts'
import type { Input, StoredFile, Totals, WorkKind } from './manifest.ts'
import type { RejectedFor } from './rejects.ts'

/**
 * Result of a job, staged as `report.json.gz` after all other files, so that its presence means that staging is
 * complete. PublishDay reads it.
 */
export interface JobReport {
  readonly kind: WorkKind
  readonly dataset: string
  readonly date: Day
  /** Token of the attempt that the job belongs to. */
  readonly attempt: string
  /** Version of the feature code in the job's bundle. */
  readonly featureVersion: string
  /** Raw objects that were read, with the counts of their records and bytes. */
  readonly inputs: readonly Input[]
  /** Staged parts, with their keys in staging. */
  readonly parts: readonly StoredFile[]
  /** Staged reject files. */
  readonly rejects: readonly StoredFile[]
  /**
   * Staged sketch of the values of all rows, as the only element.
   * @default none, for a job that reads no raw files
   */
  readonly sketches?: readonly StoredFile[]
  /**
   * Rejected records by reason, the most frequent first.
   * @default unknown
   */
  readonly rejectedFor?: readonly RejectedFor[]
  readonly totals: Totals
  /**
   * Version of the engine that read the inputs.
   * @default that of 0.1.0
   */
  readonly engine?: string
  /** Number of values that were encoded a second time; part of `encodedValues`. */
  readonly reencodedValues: number
  /** Number of values that were encoded, including repetitions. */
  readonly encodedValues: number
  /** Seconds per phase, summed over all threads. */
  readonly phaseSeconds: Readonly<Record<string, number>>
  /** ISO time at which the job's program started. */
  readonly startedAt: string
  /** ISO time at which all files were staged. */
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

/** Encodes a report as the gzipped JSON that is staged as `report.json.gz`. */
export const encodeReport = (report: JobReport) => encodeDocument(report, JOB_REPORT)

/**
 * Decodes a report that this release or an older one wrote.
 *
 * @param key where the bytes came from, for the message
 * @throws DayfoldError CorruptState if the bytes are no report, or a newer release wrote them
 */
export const decodeReport = (bytes: Uint8Array, key: string) => decodeDocument(bytes, key, JOB_REPORT)
