import type {
  ColumnInfo,
  QueryExecution,
  QueryExecutionState,
  QueryExecutionStatistics,
  QueryExecutionStatus,
  StartQueryExecutionInput,
} from '@aws-sdk/client-athena'
import type { Caller } from '../../protocol/caller.ts'
import type { Complete } from '../../protocol/shapes.ts'
import type { QueryError } from '../sql/query-error.ts'
import type { Statement } from '../sql/statement.ts'

/** A StartQueryExecution request that has all members that the model of Athena's API requires. */
export type StartQueryRequest = Complete<StartQueryExecutionInput>

/**
 * A query that this process has received, with its state. Only its results are stored, in S3; its state is lost when
 * the process ends.
 */
export interface Query {
  readonly id: string
  readonly request: StartQueryRequest
  readonly statement: Statement
  readonly workgroup: string
  /** Sender of the query, whose permissions it has. */
  readonly caller: Caller
  /** `s3://` URI of the file of results, without its extension. */
  readonly output: string
  /** Milliseconds since 1970. */
  readonly submittedAt: number
  /** Aborted to cancel the query. */
  readonly cancelled: AbortController
  state: QueryExecutionState
  /** Milliseconds since 1970; absent while the query is queued. */
  startedAt?: number
  /** Milliseconds since 1970; absent until the query has ended. */
  endedAt?: number
  /** Reason of the end; only if the query has failed or was cancelled. */
  error?: QueryError
  /** Results; only if the query has succeeded. */
  answer?: QueryAnswer
}

/**
 * Results of a query that has succeeded: where their file is or, for statements without one, the results themselves.
 */
export interface QueryAnswer {
  /** Columns of the results, as GetQueryResults describes them; empty for an UNLOAD. */
  readonly columns: readonly Complete<ColumnInfo>[]
  /** `s3://` URI of the results. */
  readonly output: string
  /** `s3://` URI of the list of files that an UNLOAD has written; undefined for other statements. */
  readonly manifest?: string | undefined
  /**
   * Results of a SHOW, DESCRIBE or EXPLAIN, line by line, which are not written to a file; undefined for other
   * statements.
   */
  readonly lines?: readonly string[] | undefined
  /** Total size in bytes of the objects that the query's tables consist of, not of what was read. */
  readonly scannedBytes: number
}

/**
 * Converts a query to the form in which GetQueryExecution returns it.
 *
 * @param now current time in milliseconds since 1970, for the durations of a query that has not ended
 * https://docs.aws.amazon.com/athena/latest/APIReference/API_QueryExecution.html
 */
export function describeQuery(query: Query, now: number): Complete<QueryExecution> {
  const { id, request, statement, workgroup, answer } = query
  return {
    QueryExecutionId: id,
    Query: request.QueryString,
    StatementType: statement.kind === 'select' || statement.kind === 'unload' ? 'DML' : 'UTILITY',
    ResultConfiguration: { OutputLocation: answer?.output ?? query.output },
    QueryExecutionContext: request.QueryExecutionContext ?? {},
    WorkGroup: workgroup,
    Status: status(query),
    Statistics: statistics(query, now),
    EngineVersion: { SelectedEngineVersion: 'AUTO', EffectiveEngineVersion: 'Athena engine version 3' },
  }
}

/** Athena's categories of errors: https://docs.aws.amazon.com/athena/latest/ug/error-reference.html */
const SYSTEM_ERROR = 1
const USER_ERROR = 2

function status({ state, error, submittedAt, endedAt }: Query): Complete<QueryExecutionStatus> {
  const isOverlap = error?.code === 'HIVE_FILESYSTEM_ERROR'
  return {
    State: state,
    SubmissionDateTime: new Date(submittedAt),
    ...(endedAt !== undefined && { CompletionDateTime: new Date(endedAt) }),
    ...(error && {
      StateChangeReason: error.message,
      AthenaError: {
        ErrorCategory: isOverlap ? SYSTEM_ERROR : USER_ERROR,
        Retryable: isOverlap,
        ErrorMessage: error.message,
      },
    }),
  }
}

function statistics(
  { submittedAt, startedAt, endedAt, answer }: Query,
  now: number,
): Complete<QueryExecutionStatistics> {
  const until = endedAt ?? now
  return {
    EngineExecutionTimeInMillis: startedAt === undefined ? 0 : until - startedAt,
    DataScannedInBytes: answer?.scannedBytes ?? 0,
    ...(answer?.manifest !== undefined && { DataManifestLocation: answer.manifest }),
    TotalExecutionTimeInMillis: until - submittedAt,
    QueryQueueTimeInMillis: (startedAt ?? until) - submittedAt,
  }
}
