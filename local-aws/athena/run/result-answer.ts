import type { GetQueryResultsInput, GetQueryResultsOutput } from '@aws-sdk/client-athena'
import type { Answer } from '../../protocol/aws-json.ts'
import { AwsError } from '../../protocol/aws-error.ts'
import { parseS3Uri } from '../../s3/s3-uri.ts'
import type { Query } from './query.ts'
import { readResultPage, type ResultRow } from './results.ts'
import type { ObjectStore } from '../tables/table-files.ts'

const PAGE_ROWS = 1000

/**
 * Returns a page of a query's results as GetQueryResults does. The first row of the first page of a SELECT is the
 * header. https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html
 *
 * @throws AwsError InvalidRequestException for a query that has not ended, or has not succeeded
 */
export async function resultAnswer(
  store: ObjectStore,
  query: Query,
  { NextToken, MaxResults = PAGE_ROWS }: GetQueryResultsInput,
): Promise<Answer<GetQueryResultsOutput>> {
  const { answer } = query
  if (!answer) throw notReady(query)
  const { rows, next } = await pageOf(store, answer, Number(NextToken ?? 0), MaxResults)
  return {
    UpdateCount: 0,
    ResultSet: {
      ResultSetMetadata: { ColumnInfo: [...answer.columns] },
      Rows: rows.map((row) => ({ Data: row.map((cell) => (cell === null ? {} : { VarCharValue: cell })) })),
    },
    NextToken: next?.toString(),
  }
}

/** Reads a page. Tokens are offsets: bytes in the file of a SELECT, lines of a SHOW. */
async function pageOf(
  store: ObjectStore,
  { lines, output, columns }: NonNullable<Query['answer']>,
  offset: number,
  count: number,
): Promise<{ readonly rows: readonly ResultRow[]; readonly next: number | undefined }> {
  if (lines) {
    const end = offset + count
    return {
      rows: lines.slice(offset, end).map((line) => [line]),
      next: end < lines.length ? end : undefined,
    }
  }
  if (columns.length === 0) return { rows: [], next: undefined }
  const { bucket, key } = parseS3Uri(output)!
  return readResultPage(store.filePath(bucket, key, 'read'), offset, count)
}

function notReady({ state }: Query): AwsError {
  const isOver = state === 'FAILED' || state === 'CANCELLED'
  const message = isOver
    ? `Query did not finish successfully. Final query state: ${state}`
    : `Query has not yet finished. Current state: ${state}`
  return new AwsError('InvalidRequestException', message)
}
