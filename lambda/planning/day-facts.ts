import type { FileLimits } from '../../core/file-limits.ts'
import type { Published } from '../../core/manifest.ts'
import type { ReadSettings } from '../../core/read-settings.ts'
import type { Damage } from '../ledger/damage.ts'
import type { RawListing } from './raw-listing.ts'

/** Everything that the decision about a day's work is made from. */
export interface DayFacts {
  /** Objects below the day's raw prefix. */
  readonly listing: RawListing
  /** The dataset's setting for raw objects that cannot be read: `fail` the day or `skip` them. */
  readonly unreadable: ReadSettings['unreadable']
  /** The published generation; null if there is none. */
  readonly published: Published | null
  /** Difference between the published objects and the manifest. @default none */
  readonly damage?: Damage | undefined
  /** Feature version of the deployed code. */
  readonly featureVersion: string
  /** True if the day has ended in the dataset's time zone. */
  readonly isOver: boolean
  /** Sizes of parts, from which small parts follow. */
  readonly limits: FileLimits
}
