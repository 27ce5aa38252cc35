import type { Day } from '../../core/dates.ts'
import { isSameLocation, partitionLocations } from '../../aws/partitions.ts'
import { listPrefixes } from '../../aws/list-objects.ts'
import { partitionPrefix, s3Uri, tableAndDayOf, tablePrefix } from '../../core/layout.ts'
import type { Ledger } from '../ledger/ledger.ts'

/** How the catalog differs from what lies below a table's prefix. */
export interface CatalogGaps {
  /** Days with files that the catalog does not have. */
  readonly missing: readonly Day[]
  /** Days whose partition does not point to the published names. */
  readonly astray: readonly Day[]
}

/** Compares the catalog with the table's prefix. Read from both each time, so that no crash can leave a gap. */
export async function catalogGaps({ data, catalog }: Ledger, table: string): Promise<CatalogGaps> {
  const days: Day[] = []
  for await (const prefix of listPrefixes(data, tablePrefix(table))) {
    const day = tableAndDayOf(prefix)?.day
    if (day !== undefined) days.push(day)
  }
  const locations = await partitionLocations(catalog, table)
  const isAstray = (day: Day) =>
    !isSameLocation(locations.get(day), s3Uri(data.name, partitionPrefix(table, day)))
  return {
    missing: days.filter((day) => !locations.has(day)),
    astray: [...locations.keys()].filter(isAstray),
  }
}
