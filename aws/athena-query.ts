import {
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
  type AthenaClient,
  type ColumnInfo,
  type QueryExecution,
} from '@aws-sdk/client-athena'
import { setTimeout as sleep } from 'node:timers/promises'
import { DayfoldError } from '../core/errors.ts'

/** Where {@link runQuery} runs a query, how often it asks for the query's state, and who learns of its progress. */
export interface QueryOptions {
  readonly athena: AthenaClient
  readonly workgroup: string
  readonly database: string
  /**
   * Pause between the first two requests for the query's state. Each later pause is twice as long, up to {@link
   * QueryOptions.maxPollMilliseconds}.
   * @default 100
   */
  readonly pollMilliseconds?: number
  /** Longest pause. @default 2000 */
  readonly maxPollMilliseconds?: number
  /** Ends the waiting with its reason, not the query. @default nothing ends it */
  readonly signal?: AbortSignal
  /**
   * Called after each request for the query's state, with the bytes that the query has scanned so far.
   * @default not called
   */
  readonly onProgress?: (scannedBytes: number) => void
}

/** A query that succeeded, by which its results are read. */
export interface FinishedQuery {
  /** Id of the query in Athena. */
  readonly id: string
  /** `s3://` URI of the results; undefined for a statement that has none. */
  readonly outputLocation?: string | undefined
  /** Bytes that the query scanned. */
  readonly scannedBytes: number
}

/**
 * Runs one SQL statement in Athena and waits until it has succeeded.
 *
 * @throws DayfoldError QueryFailed if it fails or is cancelled, with Athena's reason
 */
export async function runQuery(sql: string, options: QueryOptions): Promise<FinishedQuery> {
  const {
    athena,
    workgroup,
    database,
    pollMilliseconds = 100,
    maxPollMilliseconds = 2000,
    signal,
    onProgress,
  } = options
  const started = await athena.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      WorkGroup: workgroup,
      QueryExecutionContext: { Database: database },
    }),
  )
  const id = started.QueryExecutionId!
  for (let pause = pollMilliseconds; ; pause = Math.min(pause * 2, maxPollMilliseconds)) {
    signal?.throwIfAborted()
    const { QueryExecution: query } = await athena.send(
      new GetQueryExecutionCommand({ QueryExecutionId: id }),
    )
    const state = query?.Status?.State
    onProgress?.(query?.Statistics?.DataScannedInBytes ?? 0)
    if (state === 'SUCCEEDED') return finished(id, query!)
    if (state === 'FAILED' || state === 'CANCELLED') throw queryFailed(id, sql, query!)
    await sleep(pause, undefined, { signal })
  }
}

function finished(id: string, query: QueryExecution): FinishedQuery {
  return {
    id,
    outputLocation: query.ResultConfiguration?.OutputLocation,
    scannedBytes: query.Statistics?.DataScannedInBytes ?? 0,
  }
}

function queryFailed(id: string, sql: string, query: QueryExecution): DayfoldError {
  const reason = query.Status?.StateChangeReason ?? `the query is ${query.Status?.State}`
  return new DayfoldError('QueryFailed', `Athena query ${id}: expected it to succeed, found: ${reason}`, {
    context: { id, sql, reason, state: query.Status?.State, lasts: lasts(query) },
  })
}

/** Athena's category of errors that are the query's own: https://docs.aws.amazon.com/athena/latest/ug/error-reference.html */
const USER_ERROR = 2
/** Reasons of queries that ask for more than they may have. */
const TOO_MUCH = /Bytes scanned limit|exhausted resources/

function lasts({ Status: { State, StateChangeReason = '', AthenaError } = {} }: QueryExecution): boolean {
  if (TOO_MUCH.test(StateChangeReason)) return true
  return State === 'FAILED' && AthenaError?.ErrorCategory === USER_ERROR && AthenaError.Retryable !== true
}

/** True if a query failed because of its SQL or for what it asks for, so that it would fail again. */
export const wouldFailAgain = (error: unknown): boolean =>
  error instanceof DayfoldError && error.code === 'QueryFailed' && error.context['lasts'] === true

/**
 * Yields the rows of a finished SELECT in order, values as Athena writes them and null for null. Holds one page of
 * results (up to 1,000 rows) in memory.
 */
export async function* queryRows(
  athena: AthenaClient,
  query: FinishedQuery,
): AsyncGenerator<readonly (string | null)[]> {
  let token: string | undefined
  let isHeader = true
  do {
    const page = await athena.send(
      new GetQueryResultsCommand({ QueryExecutionId: query.id, NextToken: token }),
    )
    for (const row of page.ResultSet?.Rows ?? []) {
      // The first row of a SELECT's results holds the names of its columns.
      // https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html
      if (!isHeader) yield (row.Data ?? []).map((cell) => cell.VarCharValue ?? null)
      isHeader = false
    }
    token = page.NextToken
  } while (token)
}

/**
 * Returns the answer of a finished statement other than a SELECT, such as EXPLAIN, as lines of text. Holds all of it in
 * memory.
 */
export async function queryText(athena: AthenaClient, query: FinishedQuery): Promise<string> {
  const lines: string[] = []
  let token: string | undefined
  do {
    const command = new GetQueryResultsCommand({ QueryExecutionId: query.id, NextToken: token })
    const page = await athena.send(command)
    for (const { Data = [] } of page.ResultSet?.Rows ?? []) lines.push(Data[0]?.VarCharValue ?? '')
    token = page.NextToken
  } while (token)
  return lines.join('\n')
}

/** Returns name and type of the columns of a finished query's results, in order. Reads no rows. */
export async function queryColumns(athena: AthenaClient, query: FinishedQuery): Promise<ColumnInfo[]> {
  const command = new GetQueryResultsCommand({ QueryExecutionId: query.id, MaxResults: 1 })
  const { ResultSet } = await athena.send(command)
  return ResultSet?.ResultSetMetadata?.ColumnInfo ?? []
}
