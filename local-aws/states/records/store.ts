import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LocalAwsError } from '../../errors.ts'
import { readJsonFileSync, writeJsonFileSync, type DocumentKind } from '../../home/json-file.ts'
import { homePaths } from '../../home/paths.ts'
import { parseArn, type ExecutionId } from './arns.ts'
import type { HistoryEvent } from './history.ts'

/** Status of an execution, in AWS's words. */
export type Status = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED'

/** The point that an execution has reached, with everything that a redrive needs to continue there. */
export interface Checkpoint {
  /** Name of the state to run. */
  readonly state: string
  /** Input of that state. */
  readonly input: unknown
  /** Values of the execution's variables, by name. */
  readonly variables: Readonly<Record<string, unknown>>
  /** Id of the Map Run that the state has started; a redrive continues it. */
  readonly mapRun?: string
}

/** Number of items of a Map Run in each status. `total` is the sum of all others. */
export interface ItemCounts {
  total: number
  pending: number
  running: number
  succeeded: number
  failed: number
  aborted: number
  timedOut: number
}

/**
 * An execution as stored in the home. The process that runs it changes it; others read it. Times are milliseconds since
 * 1970.
 */
export interface ExecutionRecord {
  readonly arn: string
  readonly name: string
  readonly stateMachineArn: string
  status: Status
  readonly startDate: number
  stopDate?: number | undefined
  /** Input as JSON text. */
  readonly input: string
  /** Output as JSON text; only of an execution that succeeded. */
  output?: string | undefined
  /** Name of the error; only of an execution that did not succeed, and not always then. */
  error?: string | undefined
  cause?: string | undefined
  /** Number of redrives so far. */
  redriveCount: number
  /** Time of the last redrive. */
  redriveDate?: number
  /** ARN of the Map Run that started the execution; absent unless it is a child of a Distributed Map. */
  readonly mapRunArn?: string
  /** The state that the execution is in, or was in when it ended. */
  resume: Checkpoint
  /** ARNs of the Map Runs that the execution has started, oldest first. */
  readonly mapRuns: string[]
  /** Digest of the definition with which the execution was started; absent for a child, which has its parent's. */
  readonly definition?: string
}

/**
 * A Map Run as stored in the home. The process that runs the parent execution changes it. Times are milliseconds since
 * 1970.
 */
export interface MapRunRecord {
  readonly mapRunArn: string
  /** ARN of the parent execution. */
  readonly executionArn: string
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED'
  readonly startDate: number
  stopDate?: number
  /** Maximum number of children that run at the same time. */
  readonly maxConcurrency: number
  /** Percentage of items that may fail, 0 to 100. */
  readonly toleratedFailurePercentage: number
  /** Number of items that may fail. */
  readonly toleratedFailureCount: number
  /** Number of redrives so far. */
  redriveCount: number
  readonly counts: ItemCounts
}

const REMEDY = 'Delete it: AWS forgets as well, and what executions wrote elsewhere stays.'
const EXECUTION: DocumentKind = {
  what: 'an execution',
  members: ['arn', 'name', 'stateMachineArn', 'status', 'startDate', 'input', 'resume', 'mapRuns'],
  remedy: REMEDY,
}
const HISTORY: DocumentKind = { what: 'the history of an execution', members: [], remedy: REMEDY }
const DEFINITION: DocumentKind = { what: 'a definition', members: ['definition'], remedy: REMEDY }
const MAP_RUN: DocumentKind = {
  what: 'a Map Run',
  members: ['mapRunArn', 'executionArn', 'status', 'startDate', 'counts'],
  remedy: REMEDY,
}

/**
 * Storage for executions and Map Runs: JSON files, each replaced atomically. Reading an unreadable file by its ARN
 * throws LocalAwsError CorruptState; lists omit it, so that one broken execution does not hide the others.
 */
export interface ExecutionStore {
  /**
   * Stores a definition of a state machine, unless it is stored already. Returns its digest, by which executions refer
   * to it.
   */
  saveDefinition(machine: string, definition: unknown): string
  /** Returns the definition with which an execution was started; undefined if it was not stored. */
  readDefinition(record: ExecutionRecord): unknown
  /** Stores an execution in place of its earlier record. */
  save(record: ExecutionRecord): void
  /** Returns an execution; undefined if there is none. */
  read(arn: string): ExecutionRecord | undefined
  /** Stores all events of an execution in place of its earlier history. */
  saveHistory(arn: string, events: readonly HistoryEvent[]): void
  /** Returns the stored events of an execution, oldest first; empty if there are none. */
  readHistory(arn: string): HistoryEvent[]
  /** Stores a Map Run in place of its earlier record. */
  saveMapRun(record: MapRunRecord): void
  /** Returns a Map Run; undefined if there is none. */
  readMapRun(arn: string): MapRunRecord | undefined
  /** Returns the executions of the state machine with a name, without children of Maps, unordered. */
  list(machine: string): ExecutionRecord[]
  /** Returns the children of a Map Run that have ended, unordered. */
  listChildren(mapRunArn: string): ExecutionRecord[]
  /** Records that an execution is running, so that the next process finds it without reading all executions. */
  markRunning(arn: string): void
  /** Undoes `markRunning`. */
  unmarkRunning(arn: string): void
  /** Returns the executions that are recorded as running, unordered. */
  running(): ExecutionRecord[]
}

/**
 * Returns the name of the child execution for an item of a Map Run. It contains the Map Run's id, so that the child's
 * file can be found by the child's ARN alone.
 *
 * @param index position of the item, from 0
 */
export const childName = (mapRunId: string, index: number) => `${mapRunId}-${index}`
const UUID_LENGTH = 36

/** Returns the folder of an execution, machine or Map: `.` and `..` do not lead elsewhere. */
const folderOf = (name: string) => (/^\.{1,2}$/.test(name) ? name.replaceAll('.', '%2E') : name)

/** Opens the store of executions in a home. It creates folders only when it writes. */
export function executionStore(home: string): ExecutionStore {
  const root = homePaths(home).executions
  const markers = join(root, '_running')
  const mapFolder = ({ machine, label, name }: ExecutionId) =>
    join(root, '_maps', folderOf(machine), folderOf(label!), folderOf(name.slice(0, UUID_LENGTH)))
  const file = (arn: string, kind: 'execution' | 'history') => {
    const id = parseArn(arn, 'execution')
    if (!id) return undefined
    if (id.label === undefined) return join(root, folderOf(id.machine), folderOf(id.name), `${kind}.json`)
    return join(mapFolder(id), `${kind}-${id.name.slice(UUID_LENGTH + 1)}.json`)
  }
  const mapRunFolder = (arn: string) => {
    const id = parseArn(arn, 'mapRun')
    return id?.label === undefined ? undefined : mapFolder(id)
  }
  const marker = (arn: string) => join(markers, encodeURIComponent(arn))
  const list = (folder: string, isWanted: (name: string) => boolean, path: (name: string) => string) =>
    entries(folder)
      .filter(isWanted)
      .flatMap((name) => readable(path(name)) ?? [])

  const definitionFile = (machine: string, digest: string) =>
    join(root, '_definitions', folderOf(machine), `${digest}.json`)

  return {
    saveDefinition(machine, definition) {
      const digest = createHash('sha256').update(JSON.stringify(definition)).digest('hex')
      const path = definitionFile(machine, digest)
      if (!existsSync(path)) writeJsonFileSync(path, { definition })
      return digest
    },
    readDefinition({ arn, definition }) {
      if (definition === undefined) return undefined
      const path = definitionFile(parseArn(arn, 'execution')!.machine, definition)
      return readJsonFileSync<{ definition: unknown }>(path, DEFINITION)?.definition
    },
    save: (record) => {
      writeJsonFileSync(file(record.arn, 'execution')!, record)
    },
    read: (arn) => read<ExecutionRecord>(file(arn, 'execution'), EXECUTION),
    saveHistory: (arn, events) => {
      writeJsonFileSync(file(arn, 'history')!, events)
    },
    readHistory: (arn) => read<HistoryEvent[]>(file(arn, 'history'), HISTORY) ?? [],
    saveMapRun: (record) => {
      writeJsonFileSync(join(mapRunFolder(record.mapRunArn)!, 'map-run.json'), record)
    },
    readMapRun: (arn) => {
      const folder = mapRunFolder(arn)
      return read<MapRunRecord>(folder === undefined ? undefined : join(folder, 'map-run.json'), MAP_RUN)
    },
    list: (machine) => {
      const folder = join(root, folderOf(machine))
      return list(
        folder,
        () => true,
        (name) => join(folder, name, 'execution.json'),
      )
    },
    listChildren: (arn) => {
      const folder = mapRunFolder(arn)
      if (folder === undefined) return []
      return list(
        folder,
        (name) => name.startsWith('execution-'),
        (name) => join(folder, name),
      )
    },
    markRunning: (arn) => {
      mkdirSync(markers, { recursive: true })
      writeFileSync(marker(arn), '')
    },
    unmarkRunning: (arn) => {
      rmSync(marker(arn), { force: true })
    },
    running: () =>
      entries(markers).flatMap((name) => readable(file(decodeURIComponent(name), 'execution')) ?? []),
  }
}

function entries(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : []
}

function read<T>(path: string | undefined, kind: DocumentKind): T | undefined {
  return path === undefined ? undefined : readJsonFileSync<T>(path, kind)
}

function readable(path: string | undefined): ExecutionRecord | undefined {
  try {
    return read<ExecutionRecord>(path, EXECUTION)
  } catch (error) {
    if (error instanceof LocalAwsError) return undefined
    throw error
  }
}
