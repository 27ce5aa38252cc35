import { headManifest } from '../../../aws/day-state.ts'
import { inParallel } from '../../../aws/in-parallel.ts'
import { isSameLocation, partitionLocations } from '../../../aws/partitions.ts'
import { dataOf, type Target } from '../../../client/target.ts'
import type { Day } from '../../../core/dates.ts'
import { partitionPrefix, s3Uri } from '../../../core/layout.ts'
import type { Summary } from '../../../core/messages.ts'

/** Returns the problems with days that were to be published once; none if summary, ledger, catalog and Athena agree. */
export async function checkDays(
  target: Target,
  dataset: string,
  days: readonly Day[],
  summary: Summary | undefined,
): Promise<string[]> {
  const data = dataOf(target)
  const locations = await partitionLocations(catalogOf(target), dataset)
  const told = new Map(days.map((date) => [date, 0]))
  for (const { date, status } of summary?.days ?? [])
    if (status === 'published') told.set(date, (told.get(date) ?? 0) + 1)
  const problems = await inParallel(days, async (date) => {
    const head = await headManifest(data, { dataset, date })
    const home = s3Uri(data.name, partitionPrefix(dataset, date))
    return [
      ...expectEqual(`${date}: times published, by the summary`, 1, told.get(date)),
      ...expectEqual(`${date}: generation, by the manifest`, '1', head?.metadata.generation ?? 'none'),
      ...(isSameLocation(home, locations.get(date)) ? [] : [`${date}: its partition is not at home`]),
    ]
  })
  return [
    ...problems.flat(),
    ...expectEqual('Days told by the summary', days.length, told.size),
    ...expectEqual('Partitions', days.length, locations.size),
    ...expectEqual('Days verified by Athena', days.length, summary?.verification?.verified),
  ]
}

const catalogOf = ({ clients, database }: Target) => ({ glue: clients.glue, database })

function expectEqual<T>(subject: string, expected: T, found: T | undefined): string[] {
  return expected === found ? [] : [`${subject}: expected ${String(expected)}, found ${String(found)}`]
}
