import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { gunzipSync } from 'node:zlib'
import {
  ATHENA_RESULTS,
  attemptKey,
  EMPTY,
  manifestKey,
  parseS3Uri,
  partitionPrefix,
  RUNS,
  s3Uri,
  STAGING,
  tableAndDayOf,
} from '../../../../core/layout.ts'
import { decodeManifest, type Published, type StoredFile } from '../../../../core/manifest.ts'
import { readPart } from './read-part.ts'

/** The content of a dataset-day, without anything that may differ between two runs. */
export interface DayContent {
  /** Rows that Athena sees, each as text, sorted. */
  readonly rows: readonly string[]
  /** Rejected records, each as text, sorted. */
  readonly rejects: readonly string[]
  /** Raw files with their counts, each as text, in key order. */
  readonly inputs: readonly string[]
  readonly featureVersion: string
}

/** The state of a home, with all problems within it. */
export interface EndState {
  /** Contents by `<dataset> <date>`. */
  readonly days: Readonly<Record<string, DayContent>>
  readonly problems: readonly string[]
}

const DATA_BUCKET = 'data'
/** Notes about the state of the data, which each run writes anew. */
const FACTS = /^state\/_(facts\/\w+|verified)\.json$/
/** Prefixes whose objects expire by themselves; they may hold anything. */
const EXPIRING = [STAGING, RUNS, ATHENA_RESULTS]

/** Reads a home that no process works on, as plain files, without the pipeline's own code for reading. */
export async function readEndState(home: string): Promise<EndState> {
  const keys = listKeys(join(home, 's3', DATA_BUCKET))
  const problems: string[] = []
  const days: Record<string, DayContent> = {}
  const expected = new Set<string>()
  for (const { table, day } of daysIn(keys)) {
    const world: DayWorld = {
      home,
      keys,
      table,
      day,
      problem: (text) => problems.push(`${table} ${day}: ${text}`),
    }
    expected.add(attemptKey(table, day)).add(manifestKey(table, day))
    const published = readPublished(world)
    if (!published) continue
    const { parts, rejects, sketches = [] } = published
    for (const { key } of [...parts, ...rejects, ...sketches]) expected.add(key)
    days[`${table} ${day}`] = await readContent(world, published)
  }
  // A day that was found empty stays on that list when it is published later.
  const isNote = (key: string) => FACTS.test(key) || key.startsWith(EMPTY)
  const unexpected = keys.filter((key) => !expected.has(key) && !isNote(key))
  return { days, problems: [...problems, ...unexpected.map((key) => `${key}: expected no such object`)] }
}

interface DayWorld {
  readonly home: string
  readonly keys: readonly string[]
  readonly table: string
  readonly day: string
  readonly problem: (text: string) => void
}

function listKeys(bucket: string): string[] {
  if (!existsSync(bucket)) return []
  return readdirSync(bucket, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(bucket, join(entry.parentPath, entry.name)))
    .filter((key) => !EXPIRING.some((prefix) => key.startsWith(prefix)))
    .sort()
}

function daysIn(keys: readonly string[]): { table: string; day: string }[] {
  const days = keys.flatMap((key) => tableAndDayOf(key) ?? [])
  return [...new Map(days.map((day) => [JSON.stringify(day), day])).values()]
}

const fileOf = ({ home }: DayWorld, key: string) => join(home, 's3', DATA_BUCKET, key)

function readPublished(world: DayWorld): Published | null {
  const key = manifestKey(world.table, world.day)
  if (!world.keys.includes(key)) {
    world.problem('expected a manifest, found none')
    return null
  }
  const { intent, published, retired = [] } = decodeManifest(readFileSync(fileOf(world, key)), key)
  if (intent) world.problem(`expected no intent, found one to ${intent.operation}`)
  if (!published) world.problem('expected a published generation, found none')
  for (const { prefix } of retired) world.problem(`${prefix}: expected nothing retired, found it`)
  return published
}

async function readContent(world: DayWorld, published: Published): Promise<DayContent> {
  const { parts, rejects, totals, inputs, featureVersion } = published
  checkLocation(world, published)
  const rows: string[] = []
  for (const part of parts) rows.push(...(await readFile(world, part, readPart)))
  const rejected: string[] = []
  for (const file of rejects) rejected.push(...(await readFile(world, file, readLines)))
  if (rows.length !== totals.rows) world.problem(`expected ${totals.rows} rows, found ${rows.length}`)
  if (rejected.length !== totals.rejected) {
    world.problem(`expected ${totals.rejected} rejected records, found ${rejected.length}`)
  }
  return {
    rows: rows.sort(),
    rejects: rejected.sort(),
    inputs: inputs.map((input) => JSON.stringify(input)),
    featureVersion,
  }
}

/** Reads the rows of a file of the manifest, and checks that it is as the manifest says. */
async function readFile(
  world: DayWorld,
  { key, bytes, rows }: StoredFile,
  read: (content: Buffer) => string[] | Promise<string[]>,
): Promise<string[]> {
  if (!world.keys.includes(key)) {
    world.problem(`${key}: expected it, since the manifest names it, found none`)
    return []
  }
  const path = fileOf(world, key)
  const found = await read(readFileSync(path))
  const { size } = statSync(path)
  if (size !== bytes) world.problem(`${key}: expected ${bytes} bytes, found ${size}`)
  if (found.length !== rows) world.problem(`${key}: expected ${rows} rows, found ${found.length}`)
  return found
}

const readLines = (content: Buffer) => gunzipSync(content).toString('utf8').split('\n').filter(Boolean)

/** Checks that a day with files is in the catalog and at home, with all of its parts. */
function checkLocation(world: DayWorld, { parts, location: folder }: Published): void {
  const { home, table, day } = world
  const prefix = partitionPrefix(table, day)
  const away = [folder ?? prefix, ...parts.map(({ key }) => key)].filter((key) => !key.startsWith(prefix))
  for (const key of away) world.problem(`${key}: expected all of the day at home`)
  const location = catalogLocation(home, table, day)
  const expected = s3Uri(DATA_BUCKET, prefix)
  if (location === undefined && parts.length === 0) return
  if (parseS3Uri(`${location?.replace(/\/$/, '')}/`)?.key === parseS3Uri(expected)!.key) return
  world.problem(`partition: expected its Location to be ${expected}, found ${location}`)
}

interface TableFile {
  readonly partitions: readonly { readonly values: readonly string[]; readonly location: string | null }[]
}

function catalogLocation(home: string, table: string, day: string): string | undefined {
  const glue = join(home, 'glue')
  const [database] = existsSync(glue) ? readdirSync(glue) : []
  const path = join(glue, database ?? '', `${table}.json`)
  if (!existsSync(path)) return undefined
  const { partitions } = JSON.parse(readFileSync(path, 'utf8')) as TableFile
  return partitions.find(({ values }) => values[0] === day)?.location ?? undefined
}
