import type { AthenaClient, QueryExecutionStatus } from '@aws-sdk/client-athena'
import { describe, expect, it } from 'vitest'
import { runQuery, wouldFailAgain } from '../../aws/athena-query.ts'
import { DayfoldError } from '../../core/errors.ts'

/** Runs a query that ends with this status, and returns its error. */
async function errorOf(Status: QueryExecutionStatus): Promise<unknown> {
  const answers: Record<string, object> = {
    StartQueryExecutionCommand: { QueryExecutionId: 'id' },
    GetQueryExecutionCommand: { QueryExecution: { Status } },
  }
  const send = (command: object) => {
    const answer = answers[command.constructor.name]
    return answer ? Promise.resolve(answer) : Promise.reject(new Error(command.constructor.name))
  }
  const athena = { send } as unknown as AthenaClient
  return runQuery('SELECT 1', { athena, workgroup: 'w', database: 'd' }).catch((error: unknown) => error)
}

const SYSTEM = { ErrorCategory: 1, Retryable: false }
const USER = { ErrorCategory: 2, Retryable: false }

describe('a query that failed', () => {
  it.each<[string, QueryExecutionStatus]>([
    ['its SQL', { State: 'FAILED', StateChangeReason: 'COLUMN_NOT_FOUND: line 1:8', AthenaError: USER }],
    [
      'the bytes that it reads',
      { State: 'CANCELLED', StateChangeReason: 'Bytes scanned limit was exceeded' },
    ],
    ['its size', { State: 'FAILED', StateChangeReason: 'Query exhausted resources', AthenaError: SYSTEM }],
  ])('would fail again because of %s', async (_, status) => {
    expect(wouldFailAgain(await errorOf(status))).toBe(true)
  })

  it.each<[string, QueryExecutionStatus]>([
    ['Athena itself failed', { State: 'FAILED', StateChangeReason: 'internal', AthenaError: SYSTEM }],
    ['Athena asks for another try', { State: 'FAILED', AthenaError: { ...USER, Retryable: true } }],
    ['nothing is known of its error', { State: 'FAILED' }],
    ['somebody cancelled it', { State: 'CANCELLED', AthenaError: USER }],
  ])('may succeed later where %s', async (_, status) => {
    const error = await errorOf(status)
    expect(error).toMatchObject({ code: 'QueryFailed' })
    expect(wouldFailAgain(error)).toBe(false)
  })

  it('is the only error of which that is known', () => {
    expect(wouldFailAgain(new DayfoldError('CorruptState', '', { context: { lasts: true } }))).toBe(false)
    expect(wouldFailAgain(new Error('exhausted resources'))).toBe(false)
  })
})
