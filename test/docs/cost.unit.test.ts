import { readFileSync } from 'node:fs'
import jsonata from 'jsonata'
import { expect, test } from 'vitest'
import { LIST_PRICES } from '../../core/cost/prices.ts'
import { costLines } from '../../core/cost/cost-lines.ts'
import {
  DEFAULT_MONTH,
  monthTable,
  ORIGINAL_MONTH,
  standing,
  usageOf,
  type Month,
} from '../support/cost-months.ts'

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

/** Computes the lines of the page's formula, in their order. */
async function formula({
  datasets,
  runsADay: runs,
  daysARun: days,
  files,
  workSeconds: work,
  ...month
}: Month) {
  const [, block = ''] = /### Your own options\n[^]*?```\n([^]*?)```/.exec(page) ?? []
  const { instances, ...prices } = LIST_PRICES
  const { logGb, storageGb, instanceType } = month
  const own = {
    datasets,
    runs,
    days,
    files,
    work,
    instance: instances[instanceType]!,
    watched: 0,
    crawled: 1,
  }
  const known: Record<string, unknown> = { ...prices, logGbPrice: prices.logGb, ...own, logGb, storageGb }
  const lines = block
    .trim()
    .split('\n')
    .map((line) => line.split(/ += /) as [string, string])
  for (const [name, text] of lines)
    known[name] = (await jsonata(text.replace('ceil(', '$ceil(')).evaluate(known)) as number
  return lines.slice(3).map(([name]) => known[name] as number)
}

const ODD_MONTH: Month = {
  ...DEFAULT_MONTH,
  datasets: 5,
  runsADay: 3,
  daysARun: 4,
  files: 2500,
  workSeconds: 300,
}

test.each([
  ['the default schedule', DEFAULT_MONTH],
  ["the original's volume", ORIGINAL_MONTH],
  ['other options', ODD_MONTH],
])("the formula for one's own options gives the month of %s, line by line", async (_, month) => {
  const lines = [...costLines(usageOf(month), LIST_PRICES), ...standing(month)]
  const found = await formula(month)
  expect(found.map((dollars) => dollars.toFixed(6))).toEqual(lines.map(({ dollars }) => dollars!.toFixed(6)))
})
