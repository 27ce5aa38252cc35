import type { Clock } from '../../clock.ts'
import type { Catalog } from '../../glue/catalog.ts'
import type { CatalogPartition, CatalogTable } from '../../glue/model.ts'
import { QueryError } from '../sql/query-error.ts'

/** A location whose files belong to a table, as the catalog returned it: that of a partition, or of the whole table. */
export interface Place {
  /**
   * The partition; absent for a table without partitions, or with projected ones, whose files are all below the table's
   * own Location.
   */
  readonly partition?: CatalogPartition
  /** `s3://` URI; undefined if the catalog has none. */
  readonly location: string | undefined
  /** Time at which the catalog returned the location, in milliseconds since 1970. */
  readonly resolvedAt: number
}

/** Trino asks for 10 partitions first, then for twice as many, up to 100; starting at 1 makes short queries as lazy. */
const FIRST_BATCH = 1
const LARGEST_BATCH = 100

/**
 * Yields the locations of a table's files. A query works on the partitions that `table` has. Their Locations are looked
 * up in the catalog in growing batches, each when the one before is used up, the greatest partition values first, like
 * Trino's HiveSplitManager.
 *
 * @throws QueryError HIVE_PARTITION_DROPPED_DURING_QUERY if a partition was deleted before its turn
 */
export async function* placesOf(catalog: Catalog, table: CatalogTable, clock: Clock): AsyncGenerator<Place> {
  const { StorageDescriptor: descriptor } = table.input
  if (!hasPartitions(table)) {
    yield { location: descriptor?.Location, resolvedAt: clock.now() }
    return
  }
  const ids = [...table.partitions.keys()].reverse()
  for (let size = FIRST_BATCH; ids.length > 0; size = Math.min(2 * size, LARGEST_BATCH)) {
    const batch = ids.splice(0, size)
    const { partitions } = await catalog.table(table.name)
    const resolvedAt = clock.now()
    for (const id of batch) {
      const partition = partitions.get(id)
      if (!partition) throw dropped(table, id)
      yield { partition, location: partition.descriptor.Location, resolvedAt }
    }
  }
}

/** False if partitions are projected or the table has no keys. */
function hasPartitions({ input }: CatalogTable): boolean {
  return (input.PartitionKeys ?? []).length > 0 && input.Parameters?.['projection.enabled'] !== 'true'
}

function dropped(table: CatalogTable, id: string): QueryError {
  const { values } = table.partitions.get(id)!
  return new QueryError(
    'HIVE_PARTITION_DROPPED_DURING_QUERY',
    `Partition no longer exists: ${table.name}/${values.join('/')}`,
  )
}

/**
 * Returns the key of a step that a query takes at a location, by which faults are chosen: `<table>/<partition values>`.
 */
export const placeKey = (table: CatalogTable, { partition }: Place) =>
  [table.name, ...(partition?.values ?? [])].join('/')
