import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadToFile } from '../../../client/load.ts'
import type { Target } from '../../../client/target.ts'
import { queryRows, runQuery } from '../../../aws/athena-query.ts'
import { isOverlap } from '../../../aws/overlaps.ts'
import type { DayDataset, PublishTime, ReaderCounts } from './messages.ts'

/** Query of groups of about a thousand records, whose ids, which are numbers, begin alike. */
const groupsSql = ({ name, id }: DayDataset) => `
SELECT substr(${id}, 1, 6) AS "group", count(*) AS seen, count(DISTINCT ${id}) AS different
FROM ${name} GROUP BY substr(${id}, 1, 6)`

interface Group {
  readonly group: string
  readonly seen: number
  readonly different: number
}

/** A query, from its start to the end of its last try, in milliseconds since 1970. */
export interface Reading {
  readonly start: number
  readonly end: number
  /** Failed tries, with their times. */
  readonly failures: readonly {
    readonly start: number
    readonly end: number
    readonly isDocumented: boolean
  }[]
  readonly duplicates: number
  readonly lost: number
}

export interface Reader {
  /** Queries so far. */
  readings(): readonly Reading[]
  /** Waits for the running queries, then ends. */
  stop(): Promise<void>
}

export interface ReaderOptions {
  readonly dataset: DayDataset
  /** Number of loops that query at once. */
  readonly lanes: number
}

/** Queries a table in loops, one of which loads into a file, and compares the rows with those seen before. */
export function startReader(target: Target, { dataset, lanes }: ReaderOptions): Reader {
  const sql = groupsSql(dataset)
  const readings: Reading[] = []
  /** Number of different rows per group, as a finished query has seen them. */
  const known = new Map<string, number>()
  let isStopped = false

  async function loop(read: Read): Promise<void> {
    while (!isStopped) {
      const before = new Map(known)
      const { groups, ...reading } = await timed(() => read(target, sql))
      readings.push({ ...reading, ...compare(before, groups) })
      for (const { group, different } of groups) known.set(group, Math.max(known.get(group) ?? 0, different))
    }
  }

  const loops = Array.from({ length: lanes }, (_, lane) => loop(lane === 0 ? readByLoad : readByQuery))
  const ended = Promise.all(loops)
  // A failure is reported by `stop`.
  ended.catch(() => undefined)
  return {
    readings: () => readings,
    async stop() {
      isStopped = true
      await ended
    },
  }
}

type Read = (target: Target, sql: string) => Promise<Group[]>

async function readByQuery({ clients, database, workgroup }: Target, sql: string): Promise<Group[]> {
  const finished = await runQuery(sql, { athena: clients.athena, database, workgroup })
  const groups: Group[] = []
  for await (const [group, seen, different] of queryRows(clients.athena, finished)) {
    groups.push({ group: group!, seen: Number(seen), different: Number(different) })
  }
  return groups
}

/** Reads by `load`, which retries by itself. */
async function readByLoad(target: Target, sql: string): Promise<Group[]> {
  const folder = mkdtempSync(join(tmpdir(), 'dayfold-reader-'))
  try {
    const file = join(folder, 'groups.jsonl')
    await loadToFile(target, sql, file)
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
    const rows = lines.map((line) => JSON.parse(line) as Record<keyof Group, string | number>)
    return rows.map(({ group, seen, different }) => ({
      group: String(group),
      seen: Number(seen),
      different: Number(different),
    }))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const MOST_TRIES = 8

async function timed(read: () => Promise<Group[]>) {
  const start = Date.now()
  const failures: Reading['failures'][number][] = []
  for (;;) {
    const tryStart = Date.now()
    try {
      const groups = await read()
      return { start, end: Date.now(), failures, groups }
    } catch (error) {
      const isDocumented = isOverlap(error)
      failures.push({ start: tryStart, end: Date.now(), isDocumented })
      if (failures.length === MOST_TRIES) throw error
    }
  }
}

function compare(before: ReadonlyMap<string, number>, groups: readonly Group[]) {
  const duplicates = groups.reduce((sum, { seen, different }) => sum + seen - different, 0)
  const now = new Map(groups.map(({ group, different }) => [group, different]))
  const lost = [...before].reduce((sum, [group, rows]) => sum + Math.max(0, rows - (now.get(group) ?? 0)), 0)
  return { duplicates, lost }
}

/** Counts a reader's queries by how they fit the publishes. */
export function countReadings(readings: readonly Reading[], publishes: readonly PublishTime[]): ReaderCounts {
  const replacements = publishes.filter(({ kind }) => kind !== 'extend')
  const failures = readings.flatMap((reading) => reading.failures)
  const excused = failures.filter((failure) => failure.isDocumented && replacements.some(overlaps(failure)))
  const sum = (count: (reading: Reading) => number) => readings.reduce((total, one) => total + count(one), 0)
  return {
    queries: readings.length,
    overlapping: readings.filter((reading) => publishes.some(overlaps(reading))).length,
    failed: excused.length,
    retried: readings.filter((reading) => reading.failures.length > 0).length,
    broken: failures.length - excused.length,
    duplicates: sum((reading) => reading.duplicates),
    lost: sum((reading) => reading.lost),
  }
}

interface Interval {
  readonly start: number
  readonly end: number
}

const overlaps = (one: Interval) => (other: Interval) => one.start <= other.end && other.start <= one.end
