import type { FileLimits } from '../../core/file-limits.ts'
import type { Published } from '../../core/manifest.ts'
import type { ReadSettings } from '../../core/read-settings.ts'
import type { Damage } from '../ledger/damage.ts'
import type { RawListing } from './raw-listing.ts'

/** The facts that a decision about a day is made from. */
export interface DayFacts {
  readonly listing: RawListing
  /** The dataset's choice for objects that cannot be read: to fail the day or to skip them. */
  readonly unreadable: ReadSettings['unreadable']
  readonly published: Published | null
  /** Difference between the published objects and the manifest. @default none */
  readonly damage?: Damage | undefined
  /** Feature version of the deployed code. */
  readonly featureVersion: string
  /** True once the day has ended in the dataset's time zone. */
  readonly isOver: boolean
  readonly limits: FileLimits
}
