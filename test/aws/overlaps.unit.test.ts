import { describe, expect, it } from 'vitest'
import { isOverlap, retryOverlaps } from '../../aws/overlaps.ts'
import { DayfoldError } from '../../core/errors.ts'

const failed = (reason: string) =>
  new DayfoldError('QueryFailed', `Athena query: ${reason}`, { context: { reason } })
const OVERLAP = failed('HIVE_FILESYSTEM_ERROR: Failed to open input stream')

/** Returns a query that fails with each of these in turn, and then succeeds. */
function failing(...errors: readonly Error[]) {
  const left = [...errors]
  const query = () => {
    query.runs++
    const error = left.shift()
    return error === undefined ? Promise.resolve('rows') : Promise.reject(error)
  }
  query.runs = 0
  return query
}

describe('a query that overlaps a replacement of files', () => {
  it.each([
    'HIVE_FILESYSTEM_ERROR: Failed to open input stream for file: part-00001-00000.parquet',
    'HIVE_CANNOT_OPEN_SPLIT: Error opening Hive split',
    'com.amazonaws.services.s3.model.AmazonS3Exception: The specified key does not exist. (Error Code: NoSuchKey)',
  ])('fails with %s', (reason) => {
    expect(isOverlap(failed(reason))).toBe(true)
  })

  it.each([
    ['a mistake in the SQL', failed("SYNTAX_ERROR: line 1:8: Column 'titel' cannot be resolved")],
    ['other columns in old partitions', failed('HIVE_PARTITION_SCHEMA_MISMATCH: There is a mismatch')],
    ['too much asked for', failed('Query exhausted resources at this scale factor')],
    ['another error on purpose', new DayfoldError('CorruptState', 'NoSuchKey')],
    ['an error of the SDK', new Error('NoSuchKey')],
    ['no error at all', 'NoSuchKey'],
  ])('is not told by %s', (_, error) => {
    expect(isOverlap(error)).toBe(false)
  })

  it('is run again until it overlaps none', async () => {
    const query = failing(OVERLAP, OVERLAP)
    expect(await retryOverlaps(query, { pauseMilliseconds: 0 })).toBe('rows')
    expect(query.runs).toBe(3)
  })

  it('is given up after a number of attempts, with its last error', async () => {
    const query = failing(OVERLAP, OVERLAP, OVERLAP)
    await expect(retryOverlaps(query, { attempts: 2, pauseMilliseconds: 0 })).rejects.toBe(OVERLAP)
    expect(query.runs).toBe(2)
  })
})

describe('a query that fails otherwise', () => {
  it('is not run again: it would fail again', async () => {
    const typo = failed('SYNTAX_ERROR: line 1:8')
    const query = failing(typo)
    await expect(retryOverlaps(query, { pauseMilliseconds: 0 })).rejects.toBe(typo)
    expect(query.runs).toBe(1)
  })

  it('is not run again either after it has overlapped once', async () => {
    const typo = failed('SYNTAX_ERROR: line 1:8')
    const query = failing(OVERLAP, typo)
    await expect(retryOverlaps(query, { pauseMilliseconds: 0 })).rejects.toBe(typo)
    expect(query.runs).toBe(2)
  })
})
