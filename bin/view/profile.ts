import stringWidth from 'string-width'
import { isTime, type ColumnProfile, type Profile, type ProfileValue } from '../../core/profile.ts'
import { count } from '../../core/format.ts'
import { nullShare } from './diff.ts'
import { clipped, shortValue } from './short-value.ts'
import { renderTable } from './tables.ts'

const COLUMNS = [
  { title: 'column' },
  { title: 'null' },
  { title: 'different', align: 'right' },
  { title: 'mean', align: 'right' },
  { title: 'least, 5%, 50%, 95%, greatest' },
  { title: 'most frequent' },
] as const
/** Characters between two columns. */
const GAP = 3
/** Most characters of a value, and of the values from the least to the greatest together. */
const MOST = { value: 17, range: 37 } as const
/** Types of numbers that a profile may hold as text. */
const NUMERIC = /\b(bigint|decimal)\b/
/** The fewest characters that a name is cut to. */
const NAME = 22
/** The fewest and the most characters of the most frequent values. */
const FREQUENT = { least: 13, most: 50 } as const

/**
 * Renders the profile of columns as a table.
 *
 * @param width columns per line, 120 or more; the most frequent values get what the other columns leave
 */
export function renderProfile({ rows, columns }: Pick<Profile, 'rows' | 'columns'>, width: number): string {
  const profiles = Object.entries(columns)
  const cells = profiles.map(([, of]) => [nullShare(of, rows), count(of.distinct), meanOf(of), rangeOf(of)])
  const used = COLUMNS.slice(1, -1)
    .map(({ title }, index) => Math.max(title.length, ...cells.map((row) => stringWidth(row[index]!))))
    .reduce((sum, characters) => sum + characters + GAP, 1)
  const longest = Math.max(NAME, width - used - GAP - FREQUENT.least)
  const names = profiles.map(([name]) => clipped(name, longest))
  const left = width - used - GAP - Math.max(...[COLUMNS[0].title, ...names].map((text) => stringWidth(text)))
  const room = Math.min(FREQUENT.most, Math.max(FREQUENT.least, left))
  return renderTable(
    COLUMNS,
    profiles.map(([, of], index) => [names[index]!, ...cells[index]!, frequent(of, room)]),
  )
}

function meanOf({ mean, type }: ColumnProfile): string {
  if (mean === undefined) return ''
  return short(isTime(type) ? new Date(mean).toISOString() : mean)
}

/** All five values if there is room for them, else the least and the greatest. */
function rangeOf({ min, max, quantiles = [], type }: ColumnProfile): string {
  if (min === undefined || max === undefined) return ''
  const between = quantiles.filter(([share]) => [0.05, 0.5, 0.95].includes(share)).map(([, value]) => value)
  const texts = [min, ...between, max].map((value) => short(asNumeric(value, type)))
  const all = texts.join(', ')
  return between.length > 0 && stringWidth(all) <= MOST.range ? all : `${texts[0]} … ${texts.at(-1)}`
}

/** As many values as there is room for, at least a part of the first. */
function frequent({ top, type }: ColumnProfile, room: number): string {
  const texts = top.slice(0, 3).map(({ value, count: times }) => {
    const behind = ` (${count(times)})`
    return clipped(short(asNumeric(value, type)), Math.max(1, room - behind.length)) + behind
  })
  while (texts.length > 1 && stringWidth(texts.join(', ')) > room) texts.pop()
  return texts.join(', ')
}

const short = (value: ProfileValue) => shortValue(value, MOST.value)
/** Numbers with more digits than a double holds are text in a profile. */
const asNumeric = (value: ProfileValue, type: string) =>
  typeof value === 'string' && NUMERIC.test(type) ? Number(value) : value
