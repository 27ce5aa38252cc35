import { CreatePartitionCommand, UpdatePartitionCommand } from '@aws-sdk/client-glue'
import { listObjects } from '../../../../aws/list-objects.ts'
import { findPartition, isSameLocation, partitionLocations } from '../../../../aws/partitions.ts'
import { parseS3Uri, tableAndDayOf, tablePrefix } from '../../../../core/layout.ts'
import type { Stage } from '../performance.ts'
import type { Actor } from '../scenario.ts'
import type { Call } from '../services/call.ts'
import { crawlerCell, endOfCrawl, isRunning } from '../services/crawlers.ts'
import type { S3Object } from '../services/s3-object.ts'
import { rowsIn } from './rows.ts'
import { CRAWLER, TABLE } from '../../lambda/dataset.ts'
import { DAYS, homeOf, partitionInput } from './table.ts'
import { QUERY_SECONDS } from './time.ts'

/**
 * The crawler, once it is started: it adds the days below the table that the catalog lacks and, in the worst case, sets
 * the Locations of those that it knows back to the folder that it found.
 */
export const crawler = (): Actor => ({ name: 'crawler', programs: [crawlOnce] })

async function crawlOnce(stage: Stage): Promise<void> {
  await stage.call(START)
  const days = new Set<string>()
  for await (const { key } of listObjects({ s3: stage.s3, name: 'data' }, tablePrefix(TABLE)))
    days.add(tableAndDayOf(key)!.day)
  const known = await partitionLocations({ glue: stage.glue, database: 'test' }, TABLE)
  for (const day of days) await showHome(stage, day, known.get(day))
  await stage.call(endOfCrawl(CRAWLER))
}

async function showHome({ glue }: Stage, day: string, known: string | undefined): Promise<void> {
  const names = { DatabaseName: 'test', TableName: TABLE, PartitionInput: partitionInput(day) }
  if (known === undefined) await glue.send(new CreatePartitionCommand(names)).catch(ignoreTaken)
  else if (!isSameLocation(known, homeOf(day)))
    await glue.send(new UpdatePartitionCommand({ ...names, PartitionValueList: [day] }))
}

function ignoreTaken(error: unknown): void {
  if ((error as Error).name !== 'AlreadyExistsException') throw error
}

const START: Call = {
  name: 'crawl',
  subject: CRAWLER,
  reads: [crawlerCell(CRAWLER)],
  writes: [],
  isReady: (world) => isRunning(world, CRAWLER),
  run: (world) => ({ world, id: '', words: '', date: 0, give: () => undefined }),
}

/** A query over both days. For each it takes the Location first, and lists it later. Returns their rows. */
export const reader = (): Actor => ({ name: 'reader', programs: [query] })

async function query(stage: Stage): Promise<readonly (readonly string[])[]> {
  const readDays = () => Promise.all(DAYS.map((day) => readDay(stage, day)))
  const end = await stage.invoke('query', QUERY_SECONDS, readDays)
  return end.kind === 'returned' ? end.value : []
}

/** Reads the rows that a query gets of a day. */
export async function readDay(
  { glue, call }: Pick<Stage, 'glue' | 'call'>,
  day: string,
): Promise<readonly string[]> {
  const partition = await findPartition({ glue, database: 'test' }, TABLE, day)
  const { bucket, key } = parseS3Uri(partition!.StorageDescriptor!.Location!)!
  return (await call(listing(`${bucket}/${key}`))).give() as readonly string[]
}

/** Lists a folder and reads its rows at once: a query that has listed files reads them. */
const listing = (folder: string): Call => ({
  name: 'list',
  subject: folder,
  reads: [`${folder}*`],
  writes: [],
  run(world) {
    const rows = world.cells.below<S3Object>(folder).flatMap(({ value }) => rowsIn(value.body))
    const text = rows.sort().join(' ')
    return { world, id: text, words: `[${text}]`, date: 0, give: () => rows }
  },
})
