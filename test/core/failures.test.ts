import { expect, test } from 'vitest'
import { ERROR_CODES } from '../../core/errors.ts'
import { FAILURES, NOT_WORTH_ANOTHER_TRY, WORTH_ANOTHER_TRY } from '../../core/failures.ts'

test('only what is gone within minutes is tried again at once', () => {
  expect(WORTH_ANOTHER_TRY).toEqual(['CatalogBusy', 'S3Throttled'])
  expect([...WORTH_ANOTHER_TRY, ...NOT_WORTH_ANOTHER_TRY].sort()).toEqual([...ERROR_CODES].sort())
})

test('a day stays failed only for what lies in its files, code or settings', () => {
  expect(ERROR_CODES.filter((code) => FAILURES[code].lasts).sort()).toEqual([
    'AccountingMismatch',
    'ChecksFailed',
    'ColumnsMismatch',
    'DamagedDay',
    'EmptyPrefix',
    'InvalidDataset',
    'JobFailed',
    'NotImplemented',
    'RejectedRatioExceeded',
    'UnreadableObjects',
    'WorkerDied',
  ])
})
