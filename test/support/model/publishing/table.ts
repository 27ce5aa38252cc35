import { partitionPrefix, s3Uri, STATE, tablePrefix } from '../../../../core/layout.ts'
import { CRAWLER, TABLE } from '../../lambda/dataset.ts'
import type { Services } from '../performance.ts'
import { glueOperations } from '../services/glue.ts'
import { s3Operations } from '../services/s3.ts'

/** The day that all actors work on, and one that stays as it is. */
export const DAYS: readonly [string, string] = ['2024-01-02', '2024-01-03']

const DESCRIPTOR = {
  Columns: [{ Name: 'id', Type: 'string' }],
  Location: s3Uri('data', tablePrefix(TABLE)),
}

/** True for objects of the ledger: no others are asked for their age. */
const hasAge = (cell: string) => cell.startsWith(`data/${STATE}`)

export const SERVICES: Services = {
  s3: s3Operations(hasAge),
  glue: glueOperations({
    tables: [
      {
        Name: TABLE,
        StorageDescriptor: DESCRIPTOR,
        PartitionKeys: [{ Name: 'day_partition', Type: 'string' }],
      },
    ],
    crawlers: [CRAWLER],
  }),
}

export const homeOf = (day: string) => s3Uri('data', partitionPrefix(TABLE, day))

/** Makes a partition as a crawler does. */
export const partitionInput = (day: string, location = homeOf(day)) => ({
  Values: [day],
  StorageDescriptor: { ...DESCRIPTOR, Location: location },
})
