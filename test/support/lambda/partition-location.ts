import { DAY, type World } from './world.ts'

/** Returns where the partition of the day points; undefined if the catalog has none. */
export async function partitionLocation(world: World): Promise<string | undefined> {
  const { partitions } = await world.glue.catalog.table(DAY.dataset)
  return partitions.get(DAY.date)?.descriptor.Location
}

/** Points the partition of the day elsewhere, as a person or another writer might. */
export async function pointElsewhere(world: World, Location = 's3://data/elsewhere/'): Promise<void> {
  const { input } = await world.glue.catalog.table(DAY.dataset)
  const StorageDescriptor = { ...input.StorageDescriptor, Location }
  await world.glue.catalog.updatePartition(DAY.dataset, { Values: [DAY.date], StorageDescriptor })
}
