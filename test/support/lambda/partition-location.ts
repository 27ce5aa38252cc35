import type { DatasetDay } from '../../../core/dataset-day.ts'
import { DAY, type World } from './world.ts'

/** Returns where the partition of a day points; undefined if the catalog has none. */
export async function partitionLocation(world: World, day: DatasetDay = DAY): Promise<string | undefined> {
  const { partitions } = await world.glue.catalog.table(day.dataset)
  return partitions.get(day.date)?.descriptor.Location
}

/** Points the partition of the day elsewhere, as a person or another writer might. */
export async function pointElsewhere(world: World, Location = 's3://data/elsewhere/'): Promise<void> {
  const { input } = await world.glue.catalog.table(DAY.dataset)
  const StorageDescriptor = { ...input.StorageDescriptor, Location }
  await world.glue.catalog.updatePartition(DAY.dataset, { Values: [DAY.date], StorageDescriptor })
}
