import type { DatasetDay } from '../core/execution-input.ts'
import type { Mode } from '../core/modes.ts'

/** Problems that a check can find, each with the execution mode that repairs it. */
export const FINDINGS = {
  /** An object of a part is missing. */
  missing: 'changed',
  /** An object of a part has another size or ETag. */
  altered: 'changed',
  /** An object that the manifest does not name is visible to readers, or will be once the day is at home. */
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
/** Name of a problem. */
export type FindingKind = keyof typeof FINDINGS

/** One problem of a day. */
export interface Finding extends DatasetDay {
  readonly kind: FindingKind
  /** Key of the object, or of the shown folder with a slash at its end. */
  readonly key: string
  /** Expectation and finding, as the end of a sentence. */
  readonly finding: string
}
