import type { FileLimits } from '../../core/file-limits.ts'
import type { Published } from '../../core/manifest.ts'
import type { ReadSettings } from '../../core/read-settings.ts'
import type { Damage } from '../ledger/damage.ts'
import type { RawListing } from './raw-listing.ts'

/** What a decision about a day follows from. */
export interface DayFacts {
  readonly listing: RawListing
  /** What becomes of a day with objects that cannot be read. */
  readonly unreadable: ReadSettings['unreadable']
  readonly published: Published | null
  /** What is wrong with the published objects. @default nothing */
  readonly damage?: Damage | undefined
  /** Of the deployed feature code. */
  readonly featureVersion: string
  /** Whether the day has ended in the dataset's time zone. */
  readonly isOver: boolean
  readonly limits: FileLimits
}
