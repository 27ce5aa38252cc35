import { expect, test } from 'vitest'
import { duckdbType } from '../../../athena/sql/types.ts'

test.each([
  ['string', 'VARCHAR'],
  ['bigint', 'BIGINT'],
  ['array<array<double>>', 'DOUBLE[][]'],
  ['decimal(10,2)', 'DECIMAL(10,2)'],
  ['varchar(20)', 'VARCHAR'],
  ['map<string,array<int>>', 'MAP(VARCHAR, INTEGER[])'],
  [
    'struct<a:string,b:struct<c:decimal(3,1),d:date>>',
    'STRUCT("a" VARCHAR, "b" STRUCT("c" DECIMAL(3,1), "d" DATE))',
  ],
])('%s of the catalog is %s', (glue, duckdb) => {
  expect(duckdbType(glue)).toBe(duckdb)
})

test('a type that is not known is refused by name', () => {
  expect(() => duckdbType('uniontype<int>')).toThrow('uniontype<int>')
})
