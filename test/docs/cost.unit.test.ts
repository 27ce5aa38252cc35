import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { LIST_PRICES } from '../../client/prices.ts'
import { DEFAULT_MONTH, monthTable, ORIGINAL_MONTH } from '../support/cost-months.ts'

/** Prettier pads the cells of a table. */
const page = readFileSync(new URL('../../docs/cost.md', import.meta.url), 'utf8')
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) => line.replaceAll(/ {2,}/g, ' '))

test.each([
  ['the default schedule', DEFAULT_MONTH],
  ["the original's volume", ORIGINAL_MONTH],
])('the month of %s is what the price table gives', (_, month) => {
  const expected = monthTable(month).map((row) => row.replaceAll(/ {2,}/g, ' '))
  expect(rows).toEqual(expect.arrayContaining(expected))
})

test('the page has every price, its date, and what the original took', () => {
  for (const [name, price] of Object.entries({ ...LIST_PRICES, ...LIST_PRICES.instances }))
    if (typeof price === 'number') expect(rows).toContainEqual(`| \`${name}\` | ${price} |`)
  expect(page).toContain(LIST_PRICES.date)
  const backfill = ((90 * 225) / 3600) * LIST_PRICES.instances['ml.m5.2xlarge']!
  expect(page).toContain(
    `$${backfill.toFixed(2)}, and $${(90 * 50 * LIST_PRICES.thousandReads).toFixed(2)} for reading`,
  )
  expect(page).toContain(`$${(30 * LIST_PRICES.instances['ml.r5.4xlarge']!).toFixed(2)}`)
})
