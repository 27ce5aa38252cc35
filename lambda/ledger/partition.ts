import {
  createPartition,
  findPartition,
  isSameLocation,
  movePartition,
  partitionLocation,
} from '../../aws/partitions.ts'
import type { DatasetDay } from '../../core/dataset-day.ts'
import { s3Uri } from '../../core/layout.ts'
import type { Ledger } from './ledger.ts'

/** Minimum time, before the function is stopped, for pointing a partition elsewhere and reading it back. */
const SWITCH_MILLISECONDS = 30_000
/** Maximum number of attempts while others point the partition elsewhere. */
const MAX_ROUNDS = 3

/** True if the day's partition exists and points to the folder with that prefix in the data bucket. */
export async function pointsTo(ledger: Ledger, day: DatasetDay, prefix: string): Promise<boolean> {
  const found = await partitionLocation(ledger.catalog, day.dataset, day.date)
  return isSameLocation(found, s3Uri(ledger.data.name, prefix))
}

/**
 * Points the day's partition to a folder and reads it back; creates the partition if there is none. Glue has no
 * conditional write, so a late call could undo a newer one. A function therefore changes nothing unless it has at least
 * 30 s left to look at the result.
 *
 * @throws Error, worth another try, if too little time is left or others keep pointing it elsewhere
 */
export async function pointPartition(ledger: Ledger, day: DatasetDay, prefix: string): Promise<void> {
  const { catalog } = ledger
  const location = s3Uri(ledger.data.name, prefix)
  for (let round = 1; round <= MAX_ROUNDS; round++) {
    const partition = await findPartition(catalog, day.dataset, day.date)
    if (isSameLocation(partition?.StorageDescriptor?.Location, location)) return
    if (ledger.millisecondsLeft() < SWITCH_MILLISECONDS)
      throw new Error(`${text(day)}: no time left to switch`)
    if (partition) await movePartition(catalog, partition, location)
    else await createPartition(catalog, day.dataset, day.date, location)
  }
  throw new Error(`${text(day)}: expected its partition at ${location}, found that others point it elsewhere`)
}

const text = ({ dataset, date }: DatasetDay) => `${dataset} ${date}`
