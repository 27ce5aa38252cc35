import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena'
import { SYSTEM_CLOCK, type Clock } from '../clock.ts'
import type { Catalog } from '../glue/catalog.ts'
import { homePaths } from '../home/paths.ts'
import { authorizeBy, type Authorize } from '../iam/access.ts'
import { jsonService, operation } from '../protocol/aws-json.ts'
import type { Caller } from '../protocol/caller.ts'
import type { Faults } from '../protocol/faults.ts'
import { DEFAULT_PLACE, type Place } from '../protocol/place.ts'
import { AwsError, type Service } from '../protocol/service.ts'
import { characters, whole } from '../protocol/shapes.ts'
import { parseS3Uri } from '../s3/s3-uri.ts'
import { athenaAccesses, type AthenaOperation } from './accesses.ts'
import { privateFolder } from './run/private-folder.ts'
import { describeQuery, type Query, type StartQueryRequest } from './run/query.ts'
import { asQueryError, QueryError } from './sql/query-error.ts'
import { resultAnswer } from './run/result-answer.ts'
import { runQuery } from './run/run-query.ts'
import { parseStatement } from './sql/statement.ts'
import type { Listing, Pace } from './tables/snapshot.ts'
import type { ObjectStore } from './tables/table-files.ts'
import { openTurns, type Rest } from './run/turns.ts'
import { runUtility, utilityColumn } from './run/utility.ts'
import { resultLocation, type WorkgroupDeclaration } from './workgroups.ts'

export type { Listing } from './tables/snapshot.ts'

/** Options of {@link athenaService}. */
export interface AthenaOptions extends AthenaData {
  /** Folder of all state. It must be on the same file system as the objects: results are moved into place. */
  readonly home: string
  /** Workgroups that queries can name; read anew for each query. */
  readonly workgroups: readonly WorkgroupDeclaration[]
  /** Region and account in ARNs. @default us-east-1, account 000000000000 */
  readonly place?: Place
  /**
   * Checks that the sender of a request has the permissions that it needs.
   * @throws AwsError AccessDeniedException
   * @default no check: every caller may do everything
   */
  readonly authorize?: Authorize | undefined
  /**
   * Returns the catalog and objects that a query may use, restricted to the permissions of its sender. Access to
   * anything else throws AwsError AccessDenied (S3) or AccessDeniedException (Glue).
   * @default no restriction
   */
  readonly dataFor?: ((caller: Caller, data: AthenaData) => AthenaData) | undefined
  /**
   * Awaited when a query has computed all rows, before it checks that the objects that it has read are still the same.
   * @default no wait
   */
  readonly beforeEnd?: ((queryString: string) => void | Promise<void>) | undefined
  /** Called after a query has listed a folder, once per folder. @default no call */
  readonly onListed?: ((listing: Listing) => void) | undefined
  /**
   * Clock for the times of queries, and for the waits that faults put into them.
   * @default this machine's clock
   */
  readonly clock?: Clock | undefined
  /** Faults to inject into calls, and into the steps of queries. @default none */
  readonly faults?: Faults | undefined
}

/** The Glue catalog and the S3 objects that queries read and write. */
export interface AthenaData extends ObjectStore {
  readonly catalog: Catalog
}

/** The local Athena. It knows queries only as long as this process lives; their results stay in S3. */
export interface AthenaService extends Service {
  /** Cancels all queries, resolves when they have ended, and removes their temporary files. */
  close(): Promise<void>
}

/** One query uses every core in DuckDB: more at once would only take memory. */
const QUERIES_AT_ONCE = 2

/**
 * Members of StartQueryExecution that are served, with AWS's limits.
 * https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html
 */
const QUERY = {
  QueryString: characters(1, 262_144),
  ClientRequestToken: characters(32, 128),
  QueryExecutionContext: true,
  WorkGroup: true,
  ResultConfiguration: { OutputLocation: true },
} as const
const ONE_QUERY = { QueryExecutionId: characters(1, 128) }
const RESULTS = { ...ONE_QUERY, NextToken: true, MaxResults: whole(1, 1000) } as const

/**
 * Creates the local Athena, which runs SQL over the tables of a Glue catalog with DuckDB, two queries at a time. Pass
 * the result to `startEndpoint`.
 */
export function athenaService(options: AthenaOptions): AthenaService {
  const authorize = authorizeBy(options.authorize, athenaAccesses(options.place ?? DEFAULT_PLACE))
  const { clock = SYSTEM_CLOCK } = options
  const queries = new Map<string, Query>()
  const byToken = new Map<string, Query>()
  const running = new Set<Promise<void>>()
  const takeTurn = openTurns(QUERIES_AT_ONCE)
  const workFolder = privateFolder(homePaths(options.home).athena)

  function find(operation: AthenaOperation, id: string, caller: Caller): Query {
    const query = queries.get(id)
    if (!query) throw new AwsError('InvalidRequestException', `QueryExecution ${id} was not found`)
    authorize?.(operation, query, caller)
    return query
  }

  function start(request: StartQueryRequest, caller: Caller): Query {
    const query = makeQuery(options, request, caller, clock.now())
    authorize?.('StartQueryExecution', query, caller)
    checkOutput(options, query.output)
    const token = request.ClientRequestToken
    const earlier = token === undefined ? undefined : byToken.get(token)
    if (earlier) return sameRequest(earlier, request)
    queries.set(query.id, query)
    if (token !== undefined) byToken.set(token, query)
    const done = run(query).finally(() => running.delete(done))
    running.add(done)
    return query
  }

  async function run(query: Query): Promise<void> {
    const folder = join(await workFolder(), query.id)
    await takeTurn((rest) => follow(options, query, folder, paceOf(options, query, rest)))
    // Removing thousands of links takes a while: neither the client nor the next query waits for it.
    await rm(folder, { recursive: true, force: true })
  }

  const service = jsonService({
    signingName: 'athena',
    targetPrefix: 'AmazonAthena',
    version: '1.1',
    badRequest: 'InvalidRequestException',
    faults: options.faults,
    operations: {
      StartQueryExecution: operation(StartQueryExecutionCommand, QUERY, (request, caller) => ({
        QueryExecutionId: start(request, caller).id,
      })),
      GetQueryExecution: operation(GetQueryExecutionCommand, ONE_QUERY, ({ QueryExecutionId }, caller) => ({
        QueryExecution: describeQuery(find('GetQueryExecution', QueryExecutionId, caller), clock.now()),
      })),
      StopQueryExecution: operation(
        StopQueryExecutionCommand,
        ONE_QUERY,
        ({ QueryExecutionId = '' }, caller) => {
          cancel(find('StopQueryExecution', QueryExecutionId, caller), clock.now())
          return {}
        },
      ),
      GetQueryResults: operation(GetQueryResultsCommand, RESULTS, (request, caller) => {
        const query = find('GetQueryResults', request.QueryExecutionId, caller)
        return resultAnswer(dataFor(options, caller), query, request)
      }),
    },
  })
  return {
    ...service,
    async close() {
      for (const query of queries.values()) cancel(query, clock.now())
      await Promise.all(running)
      if (queries.size > 0) await rm(await workFolder(), { recursive: true, force: true })
    },
  }
}

const dataFor = (options: AthenaOptions, caller: Caller): AthenaData =>
  options.dataFor?.(caller, options) ?? options

function sameRequest(query: Query, request: StartQueryRequest): Query {
  if (JSON.stringify(query.request) === JSON.stringify(request)) return query
  throw new AwsError('InvalidRequestException', 'Idempotent parameters do not match')
}

function makeQuery(
  { workgroups, catalog }: AthenaOptions,
  request: StartQueryRequest,
  caller: Caller,
  submittedAt: number,
): Query {
  const { Database = catalog.database, Catalog = 'AwsDataCatalog' } = request.QueryExecutionContext ?? {}
  if (Database !== catalog.database || Catalog.toLowerCase() !== 'awsdatacatalog') {
    const expected = `AwsDataCatalog.${catalog.database}`
    throw new AwsError(
      'InvalidRequestException',
      `Expected database ${expected}, found ${Catalog}.${Database}.`,
    )
  }
  const workgroup = request.WorkGroup ?? 'primary'
  const location = resultLocation(workgroups, workgroup, request.ResultConfiguration?.OutputLocation)
  const id = randomUUID()
  return {
    id,
    request,
    caller,
    statement: parseStatement(request.QueryString),
    workgroup,
    output: `${location}${id}`,
    submittedAt,
    cancelled: new AbortController(),
    state: 'QUEUED',
  }
}

/** Checks that results can be written. https://docs.aws.amazon.com/athena/latest/ug/troubleshooting-athena.html */
function checkOutput({ filePath }: AthenaOptions, output: string): void {
  const { bucket, key } = parseS3Uri(output)!
  try {
    filePath(bucket, key, 'write')
  } catch (error) {
    const reason = `Unable to verify/create output bucket ${bucket}: ${(error as Error).message}`
    throw new AwsError('InvalidRequestException', reason)
  }
}

/** Cancels a query: a queued one ends at once, a running one when it notices; one that has ended stays as it is. */
function cancel(query: Query, now: number): void {
  query.cancelled.abort()
  if (query.state === 'QUEUED') end(query, now, 'CANCELLED', cancelled())
}

type EndState = 'SUCCEEDED' | 'FAILED' | 'CANCELLED'

function end(query: Query, endedAt: number, state: EndState, error?: QueryError): void {
  Object.assign(query, { state, endedAt, ...(error && { error }) })
}

const cancelled = () => new QueryError('QUERY_CANCELLED', 'The query was cancelled.')

/** Returns the pace of a query, which gives up its turn while a fault delays it. */
function paceOf({ clock = SYSTEM_CLOCK, faults, onListed }: AthenaOptions, query: Query, rest: Rest): Pace {
  return {
    clock,
    async before(step) {
      const { waitMilliseconds = 0 } = faults?.step?.(step) ?? {}
      if (waitMilliseconds > 0) await rest(() => clock.sleep(waitMilliseconds, query.cancelled.signal))
    },
    listed: (listing) => onListed?.({ query: query.id, ...listing }),
  }
}

async function follow(options: AthenaOptions, query: Query, folder: string, pace: Pace): Promise<void> {
  const now = () => pace.clock.now()
  const { signal } = query.cancelled
  if (signal.aborted) return
  Object.assign(query, { state: 'RUNNING', startedAt: now() })
  try {
    query.answer = await execute(options, query, folder, pace)
    end(query, now(), 'SUCCEEDED')
  } catch (error) {
    if (signal.aborted) end(query, now(), 'CANCELLED', cancelled())
    else end(query, now(), 'FAILED', asQueryError(error))
  }
}

async function execute(
  options: AthenaOptions,
  query: Query,
  folder: string,
  pace: Pace,
): Promise<Query['answer']> {
  const data = dataFor(options, query.caller)
  const { catalog } = data
  const { statement, output, request } = query
  if (statement.kind !== 'select' && statement.kind !== 'unload') {
    const lines = await runUtility(catalog, statement, folder)
    return { columns: [utilityColumn(statement)], output: `${output}.txt`, lines, scannedBytes: 0 }
  }
  return runQuery({
    catalog,
    store: data,
    pace,
    statement,
    folder,
    output,
    signal: query.cancelled.signal,
    beforeEnd: async () => options.beforeEnd?.(request.QueryString),
  })
}
