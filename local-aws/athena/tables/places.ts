import type { Clock } from '../../clock.ts'
import type { Catalog } from '../../glue/catalog.ts'
import type { CatalogPartition, CatalogTable } from '../../glue/model.ts'
import { QueryError } from '../sql/query-error.ts'

/** Where a table has files, as the catalog said it. */
export interface Place {
  /** Absent: the files of the whole table lie under its own Location. */
  readonly partition?: CatalogPartition
  readonly location: string | undefined
  /** When the catalog said so, in milliseconds since 1970. */
  readonly resolvedAt: number
}

/** Trino asks for 10 partitions, then for twice as many, up to 100; fewer make a query of a few days as lazy. */
const FIRST_BATCH = 1
const LARGEST_BATCH = 100

/**
 * The places of a table. The names of its partitions are those of `table`; their Locations are asked for in growing
 * batches when the one before has been used up, newest partitions first, as Trino's HiveSplitManager does it.
 *
 * @throws QueryError HIVE_PARTITION_DROPPED_DURING_QUERY
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

/** False where partitions are projected or the table has no keys. */
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

/** Names a place to faults: the table, and the values of the partition. */
export const placeKey = (table: CatalogTable, { partition }: Place) =>
  [table.name, ...(partition?.values ?? [])].join('/')
