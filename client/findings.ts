import type { DatasetDay } from '../core/execution-input.ts'
import type { Mode } from '../core/modes.ts'

/** What may be wrong with a day, and the mode of an execution that mends it. */
export const FINDINGS = {
  /** A part of the manifest is not there. */
  missing: 'changed',
  /** An object of a part's name has another size or ETag. */
  altered: 'changed',
  /** Readers see an object that the manifest does not name, or will once the day is at home. */
  foreign: 'changed',
  /** The catalog does not point where the manifest says. */
  location: 'changed',
  /** Data is shown of which no manifest tells. */
  lost: 'rebuild',
  /** The manifest cannot be read. */
  manifest: 'rebuild',
  /** The newest attempt cannot be read. */
  attempt: 'failed',
} as const satisfies Record<string, Mode>
export type FindingKind = keyof typeof FINDINGS

/** One thing that is wrong with a day. */
export interface Finding extends DatasetDay {
  readonly kind: FindingKind
  /** Of the object, or of the folder that is shown, with a slash at its end. */
  readonly key: string
  /** What was expected and what was found. */
  readonly finding: string
}
