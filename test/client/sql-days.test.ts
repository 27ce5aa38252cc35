import { expect, test } from 'vitest'
import { dayParameters, withDays } from '../../client/sql-days.ts'

const DAYS = { from: '2024-05-01', to: '2024-05-31' }

test('days take the places of :from and :to as texts, wherever and however often they stand', () => {
  expect(withDays('SELECT * FROM a WHERE d BETWEEN :from AND :to AND e <= :TO', DAYS)).toBe(
    "SELECT * FROM a WHERE d BETWEEN '2024-05-01' AND '2024-05-31' AND e <= '2024-05-31'",
  )
  expect(withDays("date_add('day', -30, date(:from))", DAYS)).toBe("date_add('day', -30, date('2024-05-01'))")
})

test('comments, texts, quoted names and longer names stay as they are', () => {
  const kept = `-- :from\n/* :to\n */ ':from''s :to' ":to" a::from :fromage`
  expect(withDays(`${kept} :from`, DAYS)).toBe(`${kept} '2024-05-01'`)
  expect(dayParameters(kept).size).toBe(0)
})

test.each([
  ['SQL without parameters', 'SELECT 1 -- :from', DAYS, 'SQL: expected :from and :to in it'],
  ['neither parameter', 'SELECT 1 -- :from', DAYS, 'found neither.'],
  [
    'a parameter in quotes',
    "SELECT 1 WHERE day BETWEEN ':from' AND ':TO'",
    DAYS,
    'found them in quotes. Write them without quotes.',
  ],
  ['a parameter as a name', 'SELECT ":to"', DAYS, 'Write them without quotes.'],
  ['a text with a parameter in it', "SELECT 'from :from'", DAYS, 'found neither.'],
  [
    'a range that ends before it begins',
    'SELECT :from',
    { from: '2024-02-01', to: '2024-01-01' },
    'not after to',
  ],
])('%s is refused', (_, sql, days, message) => {
  expect(() => withDays(sql, days)).toThrow(
    expect.objectContaining({
      code: 'InvalidInput',
      message: expect.stringContaining(message) as string,
    }) as Error,
  )
})
