import { headManifest } from '../../aws/day-state.ts'
import { inParallel } from '../../aws/in-parallel.ts'
import { listPrefixes } from '../../aws/list-objects.ts'
import { isSameLocation, partitionLocations } from '../../aws/partitions.ts'
import type { Day } from '../../core/dates.ts'
import { errorToData, type ErrorData } from '../../core/errors.ts'
import type { DatasetDay } from '../../core/dataset-day.ts'
import type { ManifestMetadata } from '../../core/manifest-metadata.ts'
import { partitionPrefix, s3Uri, statePrefix, tableAndDayOf } from '../../core/layout.ts'
import { listAwayDays, removeAwayEntry } from '../ledger/away-entries.ts'
import type { DayEntry } from '../../aws/day-entries.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { setRight } from '../ledger/operations/point.ts'

/** Days of a table whose partition {@link setCatalogRight} corrected, or failed to correct. */
export interface CatalogRepairs {
  /** Days whose partition was missing or pointed to another folder, in the order of the listing. */
  readonly setRight: readonly Day[]
  /** Days whose manifest could not be read, or whose partition could not be corrected. */
  readonly failed: readonly (DatasetDay & { readonly error: ErrorData })[]
}

/**
 * Compares every partition of a table with the manifests, and points those that differ to the published folder.
 * Manifests are read only for days whose partition is missing, points outside the ordinary folder (the day's home), or
 * that have an entry in `state/_away/`. Removes such an entry if the day is at home and nothing of it is left to
 * delete: whoever brought the day home may have died before removing the entry.
 */
export async function setCatalogRight(ledger: Ledger, table: string): Promise<CatalogRepairs> {
  const days: Day[] = []
  for await (const prefix of listPrefixes(ledger.data, statePrefix(table))) {
    const day = tableAndDayOf(prefix)?.day
    if (day !== undefined) days.push(day)
  }
  const locations = await partitionLocations(ledger.catalog, table)
  const away = new Map((await listAwayDays(ledger.data, table)).map((entry) => [entry.date, entry]))
  const isAtHome = (day: Day) =>
    isSameLocation(locations.get(day), s3Uri(ledger.data.name, partitionPrefix(table, day)))
  const suspects = days.filter((day) => away.has(day) || !isAtHome(day))
  const results = await inParallel(suspects, (date) =>
    setDayRight(ledger, { dataset: table, date }, { location: locations.get(date), entry: away.get(date) }),
  )
  return {
    setRight: suspects.filter((_, index) => results[index] === true),
    failed: results.flatMap((error, index) =>
      typeof error === 'object' ? [{ dataset: table, date: suspects[index]!, error }] : [],
    ),
  }
}

/** State of a day as listed, before its manifest is read. */
interface Found {
  readonly location: string | undefined
  readonly entry: DayEntry | undefined
}

const isEmpty = ({ generation, intent }: ManifestMetadata) => generation === '0' && intent === 'no'

const isAtRest = ({ away, intent }: ManifestMetadata) => away === 'no' && intent === 'no'

async function setDayRight(
  ledger: Ledger,
  day: DatasetDay,
  { location, entry }: Found,
): Promise<boolean | ErrorData> {
  try {
    const head = await headManifest(ledger.data, day)
    if (entry && head && isAtRest(head.metadata)) await removeAwayEntry(ledger.data, entry)
    if (!head || isEmpty(head.metadata)) return false
    const prefix = head.metadata.location || partitionPrefix(day.dataset, day.date)
    return isSameLocation(location, s3Uri(ledger.data.name, prefix)) ? false : await setRight(ledger, day)
  } catch (error) {
    return errorToData(error)
  }
}
