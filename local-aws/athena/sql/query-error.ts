import { diskFull, isDiskFull } from '../../errors.ts'
import { AwsError } from '../../protocol/aws-error.ts'

/** Says that a query failed. Athena reports it in StateChangeReason, as a code such as SYNTAX_ERROR and a message. */
export class QueryError extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(`${code}: ${message}`)
    this.name = 'QueryError'
    this.code = code
  }
}

/** Patterns of DuckDB's errors, and Athena's codes for them. */
const CODES: readonly (readonly [RegExp, string])[] = [
  [/^Parser Error/, 'SYNTAX_ERROR'],
  [/Table with name (\S+) does not exist|^Catalog Error: Table/, 'TABLE_NOT_FOUND'],
  [/^Binder Error: Referenced (?:column|table)/, 'COLUMN_NOT_FOUND'],
  [/Function with name (\S+) does not exist/, 'FUNCTION_NOT_FOUND'],
  [/^Permission Error/, 'PERMISSION_DENIED'],
  [/^Conversion Error/, 'INVALID_CAST_ARGUMENT'],
  [/^(?:Binder|Catalog) Error/, 'SYNTAX_ERROR'],
  [/^Out of Memory Error/, 'EXCEEDED_LOCAL_MEMORY_LIMIT'],
  [/^(?:IO|Invalid Input) Error.*(?:parquet|json)/is, 'HIVE_BAD_DATA'],
]

/** An error raised by SQL that we wrote, with Athena's code in front. */
const REFUSED = /^Invalid Input Error: ([A-Z]+_[A-Z_]+): (.*)/s

/** Turns a refusal by S3 or the catalog into a query's failure. */
function ofService({ code, message, status }: AwsError): QueryError {
  if (code.startsWith('AccessDenied')) return new QueryError('PERMISSION_DENIED', message)
  return new QueryError('HIVE_CURSOR_ERROR', `${message} (Status Code: ${status}; Error Code: ${code})`)
}

/**
 * Converts anything thrown while a query ran to the failure that Athena would report. Errors of DuckDB are recognized
 * by their texts; an unknown one becomes GENERIC_INTERNAL_ERROR.
 */
export function asQueryError(error: unknown): QueryError {
  if (error instanceof QueryError) return error
  if (error instanceof AwsError) return ofService(error)
  if (isDiskFull(error)) return new QueryError('GENERIC_INTERNAL_ERROR', diskFull(error))
  // Drop the quoted line: it is DuckDB's SQL, not the user's.
  const message = (error instanceof Error ? error.message : String(error)).replace(/\n+LINE \d+: [^]*$/, '')
  const [, refused, text] = REFUSED.exec(message) ?? []
  if (refused !== undefined) return new QueryError(refused, text!)
  const [, code] = CODES.find(([pattern]) => pattern.test(message)) ?? [undefined, 'GENERIC_INTERNAL_ERROR']
  return new QueryError(code, message)
}
