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

/** A StartQueryExecution request that fits the schema. */
export type StartQueryRequest = Complete<StartQueryExecutionInput>

/** A query of this process. Its results live in S3; its state is lost with the process. */
export interface Query {
  readonly id: string
  readonly request: StartQueryRequest
  readonly statement: Statement
  readonly workgroup: string
  /** Sender of the query, with whose permissions it runs. */
  readonly caller: Caller
  /** `s3://` URI of the results without the file extension. */
  readonly output: string
  /** Milliseconds since 1970. */
  readonly submittedAt: number
  readonly cancelled: AbortController
  state: QueryExecutionState
  startedAt?: number
  endedAt?: number
  error?: QueryError
  answer?: QueryAnswer
}

/** Results of a query that succeeded, or where they are. */
export interface QueryAnswer {
  readonly columns: readonly Complete<ColumnInfo>[]
  readonly output: string
  readonly manifest?: string | undefined
  /** Results of a SHOW, DESCRIBE or EXPLAIN, which are in no file. */
  readonly lines?: readonly string[] | undefined
  readonly scannedBytes: number
}

/**
 * Returns a query as GetQueryExecution answers it.
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
