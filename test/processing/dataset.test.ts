import { expect, it } from 'vitest'
import { DEFAULT_READ_SETTINGS, READ_SETTING_NAMES } from '../../core/read-settings.ts'
import {
  decimal,
  defineDataset,
  float64,
  int64,
  list,
  string,
  timestamp,
  type CheckOf,
} from '../../processing/dataset.ts'

const said = { name: 'jobs', columns: { id: string() }, extract: () => null } as const

it('fills in the settings that a module leaves out', () => {
  expect(defineDataset(said)).toMatchObject(DEFAULT_READ_SETTINGS)
  expect(defineDataset({ ...said, unreadable: 'skip', rawFiles: ['*.jsonl'] })).toMatchObject({
    ...DEFAULT_READ_SETTINGS,
    unreadable: 'skip',
    rawFiles: ['*.jsonl'],
  })
})

it.each(READ_SETTING_NAMES)('refuses another type of %s by name', (name) => {
  expect(() => defineDataset({ ...said, [name]: {} })).toThrow(
    expect.objectContaining({
      code: 'InvalidDataset',
      message: expect.stringMatching(`^Dataset "jobs": ${name}: expected .*, found \\{\\}\\.$`) as string,
    }) as Error,
  )
})

it('takes checks that are typed by the columns, and refuses others by name', () => {
  const columns = {
    id: string(),
    price: float64().nullable(),
    serial: int64(),
    cost: decimal(9, 2),
    at: timestamp(),
    tags: list(string()),
  }
  const extract = () => null
  const { checks } = defineDataset({
    name: 'typed',
    columns,
    extract,
    checks: [
      { check: 'notNull', column: 'tags', maxRatio: 0.5, otherwise: 'fail' },
      { check: 'range', column: 'price', min: 0 },
      { check: 'range', column: 'serial', min: 0 },
      { check: 'range', column: 'cost', max: 9.5 },
      { check: 'range', column: 'at', min: '2024-01-01' },
      { check: 'oneOf', column: 'id', values: ['a'] },
      { check: 'oneOf', column: 'serial', values: [1] },
      { check: 'matches', column: 'id', pattern: '.' },
      { check: 'rows', min: 0.5 },
      { check: 'drift', columns: ['price'] },
      { check: 'unique', columns: ['id', 'at'] },
    ],
  })
  expect(checks).toHaveLength(11)
  const refused = (wrong: CheckOf<typeof columns>) =>
    expect(() => defineDataset({ name: 'x', columns, extract, checks: [wrong] })).toThrow(
      /^Dataset "x": check .*: expected/,
    )
  // @ts-expect-error -- no such column
  refused({ check: 'notNull', column: 'ID' })
  // @ts-expect-error -- text has no range
  refused({ check: 'range', column: 'id', min: 1 })
  // @ts-expect-error -- a bound of instants is text
  refused({ check: 'range', column: 'at', min: 5 })
  // @ts-expect-error -- a list is not one of values
  refused({ check: 'oneOf', column: 'tags', values: ['a'] })
  // @ts-expect-error -- a number matches no pattern
  refused({ check: 'matches', column: 'price', pattern: '.' })
})
