import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
  type QueryExecution,
  type StartQueryExecutionCommandInput,
} from '@aws-sdk/client-athena'
import type { ColumnSource } from 'hyparquet-writer'
import { onTestFinished } from 'vitest'
import { athenaService, type AthenaOptions } from '../../athena/service.ts'
import { openCatalog, type Catalog } from '../../glue/catalog.ts'
import { advancingClock, type AdvancingClock } from '../../clock.ts'
import type { DeclaredTable } from '../../glue/model.ts'
import type { S3Options } from '../../s3/service.ts'
import { clientFor, parquetTable, partKey, putParquet, s3In, temporaryHome } from './home.ts'

export const WORKGROUP = {
  Name: 'dayfold',
  WorkGroupConfiguration: { ResultConfiguration: { OutputLocation: 's3://data/athena-results/' } },
}

export const JOBS = parquetTable('jobs', { job_id: 'string', salary: 'double', skills: 'array<string>' })

/** Returns rows of the table `jobs`. */
export const jobs = (...ids: string[]): ColumnSource[] => [
  { name: 'job_id', data: ids, type: 'STRING' },
  { name: 'salary', data: ids.map((_, index) => index + 0.5), type: 'DOUBLE' },
]

export interface FixtureOptions extends Pick<AthenaOptions, 'authorize' | 'dataFor' | 'faults' | 'onListed'> {
  readonly tables?: readonly DeclaredTable[]
  readonly beforeEnd?: (queryString: string) => void | Promise<void>
  readonly clock?: AdvancingClock
  readonly workgroups?: AthenaOptions['workgroups']
  /** Folders that appear in the buckets, read-only. */
  readonly mounts?: S3Options['mounts']
  /** Wraps the catalog that the service gets. */
  readonly wrapCatalog?: (catalog: Catalog) => Catalog
}

/** Starts an Athena over a catalog and a home of its own. */
export async function startAthena({
  tables = [JOBS],
  beforeEnd,
  authorize,
  dataFor,
  wrapCatalog = (catalog) => catalog,
  workgroups = [WORKGROUP],
  clock = advancingClock(),
  faults,
  onListed,
  mounts = [],
}: FixtureOptions = {}) {
  const home = temporaryHome()
  const { filePath, listObjects } = s3In(home, mounts)
  const catalog = openCatalog({ home, database: 'dayfold', tables, clock })
  const service = athenaService({
    home,
    workgroups,
    catalog: wrapCatalog(catalog),
    filePath,
    listObjects,
    authorize,
    dataFor,
    beforeEnd,
    clock,
    faults,
    onListed,
  })
  onTestFinished(() => service.close())
  const athena = new AthenaClient(await clientFor(service))

  const start = async (sql: string, overrides: Partial<StartQueryExecutionCommandInput> = {}) => {
    const answer = await athena.send(
      new StartQueryExecutionCommand({
        QueryString: sql,
        WorkGroup: 'dayfold',
        QueryExecutionContext: { Database: 'dayfold' },
        ...overrides,
      }),
    )
    return answer.QueryExecutionId!
  }
  const describe = async (id: string): Promise<QueryExecution> =>
    (await athena.send(new GetQueryExecutionCommand({ QueryExecutionId: id }))).QueryExecution!
  const end = async (id: string): Promise<QueryExecution> => {
    for (;;) {
      const query = await describe(id)
      if (!['QUEUED', 'RUNNING'].includes(query.Status!.State!)) return query
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  const results = (id: string) => athena.send(new GetQueryResultsCommand({ QueryExecutionId: id }))
  /** Runs a query and returns its rows after their header. */
  const query = async (sql: string) => {
    const { Status, QueryExecutionId: id } = await end(await start(sql))
    if (Status?.State !== 'SUCCEEDED') throw new Error(Status?.StateChangeReason ?? Status?.State)
    const { ResultSet } = await results(id!)
    return ResultSet!.Rows!.map(({ Data }) => Data!.map((cell) => cell.VarCharValue ?? null))
  }
  /** Adds a day with rows to `jobs`. */
  const addDay = async (day: string, columns: ColumnSource[], table = 'jobs') => {
    putParquet(home, partKey(table, day), columns)
    await catalog.createPartition(table, { Values: [day], StorageDescriptor: place(table, day) })
  }
  return { home, clock, catalog, athena, start, describe, end, results, query, addDay }
}

/** Returns the descriptor of a published day's partition. */
export const place = (table: string, day: string) => ({
  Location: `s3://data/processed/${table}/day_partition=${day}/`,
})
