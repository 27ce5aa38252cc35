import type { DatasetDay } from '../core/dataset-day.ts'
import type { Mode } from '../core/modes.ts'

/**
 * Kinds of differences between a day and its manifest that `status --check` finds, each with the execution mode that
 * repairs it.
 */
export const FINDINGS = {
  /** A Parquet file that the manifest lists is missing. */
  missing: 'changed',
  /** A Parquet file that the manifest lists has another size or ETag. */
  altered: 'changed',
  /**
   * An object that the manifest does not list is visible to readers, or will be once the day is back in its ordinary
   * folder.
   */
  foreign: 'changed',
  /** The catalog points to another folder than the manifest. */
  location: 'changed',
  /** Data is visible, but there is no manifest. */
  lost: 'rebuild',
  /** The manifest cannot be read. */
  manifest: 'rebuild',
  /** The newest attempt cannot be read. */
  attempt: 'failed',
} as const satisfies Record<string, Mode>
/** Name of a kind of difference between a day and its manifest, such as `missing`. */
export type FindingKind = keyof typeof FINDINGS

/** One difference between a day and its manifest. */
export interface Finding extends DatasetDay {
  readonly kind: FindingKind
  /** Key of the object, or of the published folder with a slash at the end. */
  readonly key: string
  /** Expectation and finding, as the end of a sentence. */
  readonly finding: string
}
