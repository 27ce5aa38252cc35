import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { GlueClient } from '@aws-sdk/client-glue'
import { S3Client } from '@aws-sdk/client-s3'
import type { DatasetDay } from '../../../core/dataset-day.ts'
import type { Bucket } from '../../../aws/objects.ts'
import type { Ledger } from '../../../lambda/ledger/ledger.ts'
import { linkFolder } from '../link-folder.ts'
import { CRAWLER, TABLE } from './dataset.ts'
import type { Clock } from '@dayfold/local-aws/clock'
import { startEndpoint } from '@dayfold/local-aws/endpoint'
import {
  createFaults,
  type Call,
  type FaultSource,
  type RuledFaults,
  type StepSource,
} from '@dayfold/local-aws/faults'
import { glueService, type GlueService } from '@dayfold/local-aws/glue'
import { AwsError, type Service } from '@dayfold/local-aws/service'
import { s3Service, type S3Service } from '@dayfold/local-aws/s3'

export const DAY: DatasetDay = { dataset: TABLE, date: '2024-01-02' }

/** Leases: one that is over as soon as it is written, and one that never ends. */
export const OVER = -100
export const HELD = 1e9

/** A caller with clients of its own, so that it can die without the others noticing. */
export interface Process {
  readonly ledger: Ledger
  readonly raw: Bucket
}

/** Lease of intents, endless by default, and grace for queries, 0 by default. */
export interface Seconds {
  readonly leaseSeconds?: number | undefined
  readonly graceSeconds?: number | undefined
}

export interface World {
  readonly home: string
  readonly s3: S3Service
  readonly glue: GlueService
  readonly faults: RuledFaults
  /** ARNs of the executions that are running. */
  readonly running: Set<string>
  /** Changes of state so far. */
  readonly writes: Call[]
  /** Returns the settings of a client for a caller of that name. */
  client(name: string): ClientSettings
  process(name: string, execution: string, seconds?: Seconds): Process
  /** Makes the caller of that name die after its k-th change of state, before it gets the answer. */
  dieAfter(name: string, k: number): void
  /** Called after each change of state, before it is answered. */
  afterWrite: ((call: Call) => void | Promise<void>) | undefined
  putRaw(name: string, ids: readonly string[], day?: DatasetDay): void
  removeRaw(name: string, day?: DatasetDay): void
  /** Returns the keys of the data bucket below a prefix, in order. */
  keys(prefix: string): string[]
}

interface ClientSettings {
  readonly endpoint: string
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  readonly maxAttempts: number
  readonly disableClockSkewCorrection: boolean
}

export interface WorldOptions {
  /** Home whose state the world begins with; it is not changed. @default an empty one */
  readonly template?: string
  readonly beforeCrawl?: () => void | Promise<void>
  /** Clock of the services. @default this machine's */
  readonly clock?: Clock
  /** Faults of the calls of living callers. @default none */
  readonly source?: FaultSource
  /** Deviations of crawls. @default none */
  readonly steps?: StepSource
  /** True if the data bucket keeps older versions. @default false */
  readonly isVersioned?: boolean
  /** Makes further services, given the present ones. */
  readonly services?: (world: { home: string; s3: S3Service; glue: GlueService }) => readonly Service[]
}

/** Starts a world that is closed after the test. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  // Imported late: outside of tests, vitest cannot be loaded.
  const { onTestFinished } = await import('vitest')
  const { world, close } = await openWorld(options)
  onTestFinished(close)
  return world
}

/** Opens S3 and Glue over a temporary home, with one table and its crawler. It has to be closed. */
export async function openWorld(
  options: WorldOptions = {},
): Promise<{ readonly world: World; readonly close: () => Promise<void> }> {
  const { clock } = options
  const home = mkdtempSync(join(tmpdir(), 'dayfold-lambda-'))
  if (options.template !== undefined) linkFolder(options.template, home)
  for (const bucket of ['data', 'raw']) mkdirSync(join(home, 's3', bucket), { recursive: true })
  const death = deaths()
  const writes: Call[] = []
  const faults = createFaults({
    source: (call) => death.refuse(call) ?? options.source?.(call),
    ...(options.steps && { steps: options.steps }),
    afterWrite: async (_, call) => {
      writes.push(call)
      await world.afterWrite?.(call)
      death.wrote(call)
    },
  })
  const versioned = options.isVersioned ? [{ name: 'data', expirations: [] }] : []
  const s3 = s3Service({
    root: join(home, 's3'),
    metaRoot: join(home, 's3-meta'),
    clock,
    faults,
    versioned,
  })
  const glue = glueService({
    home,
    database: 'test',
    tables: [table()],
    crawlers: [
      {
        Name: CRAWLER,
        Targets: { CatalogTargets: [{ DatabaseName: 'test', Tables: [TABLE] }] },
        SchemaChangePolicy: { UpdateBehavior: 'LOG', DeleteBehavior: 'LOG' },
      },
    ],
    filePath: s3.filePath,
    beforeCrawl: options.beforeCrawl,
    clock,
    faults,
  })
  const more = options.services?.({ home, s3, glue }) ?? []
  const endpoint = await startEndpoint({ services: [s3, glue, ...more], now: clock && (() => clock.now()) })
  const close = async () => {
    await glue.idle()
    for (const { s3: client, glue: other } of clients.values()) {
      client.destroy()
      other.destroy()
    }
    await endpoint.close()
    rmSync(home, { recursive: true, force: true })
  }
  const client = (name: string): ClientSettings => ({
    endpoint: endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: name, secretAccessKey: 'secret' },
    maxAttempts: 4,
    // The world's clock may be ahead of this process's; the client must not repeat requests for that.
    disableClockSkewCorrection: true,
  })
  const clients = new Map<string, { s3: S3Client; glue: GlueClient }>()
  const clientsOf = (name: string) => {
    const known = clients.get(name) ?? { s3: new S3Client(client(name)), glue: new GlueClient(client(name)) }
    clients.set(name, known)
    return known
  }
  const world: World = {
    home,
    s3,
    glue,
    faults,
    running: new Set(),
    writes,
    client,
    afterWrite: undefined,
    dieAfter: death.dieAfter,
    process(name, execution, { leaseSeconds = HELD, graceSeconds = 0 } = {}) {
      const clients = clientsOf(name)
      const catalog = { glue: clients.glue, database: 'test' }
      const data = { s3: clients.s3, name: 'data' }
      return {
        ledger: {
          data,
          catalog,
          crawlerOf: () => CRAWLER,
          leaseSeconds,
          graceSeconds,
          holder: execution,
          millisecondsLeft: () => 600_000,
        },
        raw: { s3: clients.s3, name: 'raw' },
      }
    },
    putRaw(name, ids, day = DAY) {
      const path = join(rawFolder(home, day), name)
      mkdirSync(dirname(path), { recursive: true })
      // A new file, not new content of one that a template shares.
      rmSync(path, { force: true })
      writeFileSync(path, ids.map((id) => `${id}\n`).join(''))
    },
    removeRaw: (name, day = DAY) => rmSync(join(rawFolder(home, day), name)),
    keys: (prefix) => s3.listObjects('data', prefix).map(({ key }) => key),
  }
  return { world, close }
}

const rawFolder = (home: string, { dataset, date }: DatasetDay) =>
  join(home, 's3/raw', dataset, date.replaceAll('-', '/'))

function table() {
  return {
    Name: TABLE,
    TableType: 'EXTERNAL_TABLE',
    PartitionKeys: [{ Name: 'day_partition', Type: 'string' }],
    StorageDescriptor: {
      Columns: [{ Name: 'id', Type: 'string' }],
      Location: `s3://data/processed/${TABLE}/`,
      InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
      OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
      SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
    },
  }
}

/** Keeps track of callers that die: their earlier writes stay, later ones have no effect. */
function deaths() {
  const left = new Map<string, number>()
  const dead = new Set<string>()
  return {
    dieAfter: (name: string, k: number) => void left.set(name, k),
    refuse: ({ caller }: Call) =>
      dead.has(caller.accessKeyId) ? ({ kind: 'error', code: 'Dead', status: 403 } as const) : undefined,
    wrote({ caller: { accessKeyId: name } }: Call) {
      const count = left.get(name)
      if (count === undefined) return
      left.set(name, count - 1)
      if (count > 1) return
      dead.add(name)
      throw new AwsError('Dead', 'The caller died.', 403)
    },
  }
}

/** Reads an object from the home's files. */
export function fileOf(world: World, key: string): Buffer {
  return readFileSync(world.s3.filePath('data', key))
}

/** Puts an object that is one byte too large for CopyObject into the home's files: zeros, which take no space. */
export function putUncopyable(world: World, key: string): void {
  const path = world.s3.filePath('data', key)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, '')
  truncateSync(path, 5 * 1024 ** 3 + 1)
}
