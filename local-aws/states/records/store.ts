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

/** The point that an execution has reached: enough to go on from after a redrive. */
export interface Checkpoint {
  readonly state: string
  readonly input: unknown
  readonly variables: Readonly<Record<string, unknown>>
  /** Id of the Map Run that the state started. */
  readonly mapRun?: string
}

/** Numbers of a Map Run's items by status. */
export interface ItemCounts {
  total: number
  pending: number
  running: number
  succeeded: number
  failed: number
  aborted: number
  timedOut: number
}

/** An execution as stored; its runner writes it. Times are milliseconds since 1970. */
export interface ExecutionRecord {
  readonly arn: string
  readonly name: string
  readonly stateMachineArn: string
  status: Status
  readonly startDate: number
  stopDate?: number | undefined
  /** JSON. */
  readonly input: string
  /** JSON; only of a success. */
  output?: string | undefined
  error?: string | undefined
  cause?: string | undefined
  redriveCount: number
  redriveDate?: number
  /** ARN of the Map Run that started it; only of a child. */
  readonly mapRunArn?: string
  /** The point that it has reached, or had when it ended without success. */
  resume: Checkpoint
  /** ARNs of the Map Runs that it started. */
  readonly mapRuns: string[]
  /** Digest of the definition that it was started with; absent for a child, which has its parent's. */
  readonly definition?: string
}

/** A Map Run as stored; the parent execution's runner writes it. Times are milliseconds since 1970. */
export interface MapRunRecord {
  readonly mapRunArn: string
  readonly executionArn: string
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED'
  readonly startDate: number
  stopDate?: number
  readonly maxConcurrency: number
  readonly toleratedFailurePercentage: number
  readonly toleratedFailureCount: number
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
 * Executions as JSON files, each replaced as a whole. An unreadable file is an error (LocalAwsError CorruptState) if it
 * is asked for by name, but left out of lists, so that one broken execution does not hide the others.
 */
export interface ExecutionStore {
  /** Stores a definition of a machine and returns its digest, by which executions refer to it. */
  saveDefinition(machine: string, definition: unknown): string
  /** Returns the definition that an execution was started with; undefined if it was not stored. */
  readDefinition(record: ExecutionRecord): unknown
  save(record: ExecutionRecord): void
  read(arn: string): ExecutionRecord | undefined
  saveHistory(arn: string, events: readonly HistoryEvent[]): void
  readHistory(arn: string): HistoryEvent[]
  saveMapRun(record: MapRunRecord): void
  readMapRun(arn: string): MapRunRecord | undefined
  /** Returns the executions of a machine except children, unordered. */
  list(machine: string): ExecutionRecord[]
  /** Returns the children of a Map Run that have ended, unordered. */
  listChildren(mapRunArn: string): ExecutionRecord[]
  /** Records that an execution runs, so that the next process finds it quickly. */
  markRunning(arn: string): void
  unmarkRunning(arn: string): void
  running(): ExecutionRecord[]
}

/** Returns a child's name. It begins with the Map Run's id, so that the child's file follows from its ARN alone. */
export const childName = (mapRunId: string, index: number) => `${mapRunId}-${index}`
const UUID_LENGTH = 36

/** Returns the folder of an execution, machine or Map: `.` and `..` do not lead elsewhere. */
const folderOf = (name: string) => (/^\.{1,2}$/.test(name) ? name.replaceAll('.', '%2E') : name)

/** Opens a store under `home`; creates folders only when it writes. */
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
