import { AthenaClient } from '@aws-sdk/client-athena'
import { queryRows, runQuery } from '../../../../aws/athena-query.ts'
import type { Day } from '../../../../core/dates.ts'
import { DayfoldError } from '../../../../core/errors.ts'
import { ATHENA_RESULTS, s3Uri } from '../../../../core/layout.ts'
import { TABLE } from '../../lambda/dataset.ts'
import { type World } from '../../lambda/world.ts'
import { athenaService, type Listing } from '@dayfold/local-aws/athena'
import type { Clock } from '@dayfold/local-aws/clock'
import { createFaults, randomWaits } from '@dayfold/local-aws/faults'
import type { Service } from '@dayfold/local-aws/service'
import type { Rows } from './verdict.ts'

/** The answer to a query. Times are milliseconds since 1970 on the clock of the services. */
export interface Answer {
  readonly startedAt: number
  readonly endedAt: number
  /** Rows by day, or the error if the query failed. */
  readonly rows: ReadonlyMap<Day, Rows> | DayfoldError
  readonly listings: readonly Listing[]
}

export interface AthenaSettings {
  readonly clock: Clock
  readonly seed: string
  /** Longest time in seconds that a query waits before it lists a folder, and again before it opens the files. */
  readonly latestSeconds: number
}

/** An Athena that is late, to be served beside a world, and the queries to it. */
export interface LateAthena {
  readonly service: (world: Pick<World, 'home' | 's3' | 'glue'>) => Service
  /** Asks for all rows of the table. */
  ask(world: World): void
  /** Number of queries that are running. */
  readonly running: number
  /** Resolves to all answers, once no query is running. */
  answers(): Promise<Answer[]>
  readonly close: () => Promise<void>
}

const WORKGROUP = {
  Name: 'readers',
  WorkGroupConfiguration: { ResultConfiguration: { OutputLocation: s3Uri('data', ATHENA_RESULTS) } },
}
/** Milliseconds between two polls of a query. */
const POLL = { pollMilliseconds: 20, maxPollMilliseconds: 160 }

/** Starts an Athena that is late. */
export function lateAthena({ clock, seed, latestSeconds }: AthenaSettings): LateAthena {
  const listings: Listing[] = []
  const running = new Map<string, number>()
  const asked: Promise<Answer>[] = []
  const end = (sql: string) => running.delete(sql)
  let athena: ReturnType<typeof athenaService> | undefined
  let client: AthenaClient | undefined

  async function answer(sql: string, startedAt: number): Promise<Answer> {
    const finished = await orFailure(
      runQuery(sql, { athena: client!, workgroup: WORKGROUP.Name, database: 'test', ...POLL }),
    )
    end(sql)
    const endedAt = clock.now()
    const id = finished instanceof DayfoldError ? finished.context?.['id'] : finished.id
    const rows = finished instanceof DayfoldError ? finished : await rowsByDay(queryRows(client!, finished))
    return { startedAt, endedAt, rows, listings: listings.filter(({ query }) => query === id) }
  }

  return {
    service({ home, s3, glue }) {
      const steps = randomWaits({ seed, mostMilliseconds: latestSeconds * 1000 })
      athena = athenaService({
        home,
        workgroups: [WORKGROUP],
        catalog: glue.catalog,
        filePath: s3.filePath,
        listObjects: s3.listObjects,
        clock,
        faults: createFaults({ steps }),
        onListed: (listing) => void listings.push(listing),
        beforeEnd: (sql) => void end(sql),
      })
      return athena
    },
    ask(world) {
      client ??= new AthenaClient(world.client('reader'))
      const sql = `SELECT day_partition, id FROM ${TABLE} WHERE ${asked.length} = ${asked.length}`
      running.set(sql, clock.now())
      asked.push(answer(sql, clock.now()))
    },
    get running() {
      return running.size
    },
    answers: () => Promise.all(asked),
    async close() {
      await athena?.close()
      client?.destroy()
    },
  }
}

async function orFailure<T>(work: Promise<T>): Promise<T | DayfoldError> {
  try {
    return await work
  } catch (error) {
    if (error instanceof DayfoldError) return error
    throw error
  }
}

async function rowsByDay(rows: AsyncIterable<readonly (string | null)[]>): Promise<Map<Day, Rows>> {
  const days = new Map<Day, string[]>()
  for await (const [day, id] of rows) days.set(day!, [...(days.get(day!) ?? []), id!])
  return days
}
