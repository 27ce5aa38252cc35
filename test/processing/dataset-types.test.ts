import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { typeErrors } from '../support/type-check.ts'

const folder = fileURLToPath(new URL('../fixtures/type-errors/', import.meta.url))
const files = readdirSync(folder)
const found = typeErrors(files.map((file) => folder + file))
const messagesOf = (name: string) => found[`${folder}${name}.ts`]!

const MISSING = `"column 'salary' is missing"`
const SURPLUS = `"'sallary' is not one of the columns"`
const WRONG = `"column 'salary' has a value of the wrong type"`

const NO_ROW = `"extract must return a row, rows or null"`

const EXPECTED: Readonly<Record<string, string>> = {
  missing: MISSING,
  'missing-in-map': MISSING,
  'missing-in-variable': MISSING,
  'missing-or-null': MISSING,
  surplus: SURPLUS,
  'surplus-in-map': SURPLUS,
  'surplus-in-variable': SURPLUS,
  'surplus-or-null': SURPLUS,
  'surplus-in-one-branch': SURPLUS,
  'wrong-type': WRONG,
  'wrong-type-in-map': `"column 'id' has a value of the wrong type"`,
  'wrong-type-in-variable': WRONG,
  'wrong-type-or-null': WRONG,
  'number-in-decimal': WRONG,
  'integer-in-float': WRONG,
  async: `"extract must not be async: extractBatch may be"`,
  'no-return': NO_ROW,
  'missing-in-batch': MISSING,
  'wrong-type-in-async-batch': WRONG,
  'batch-of-one-row': `"extractBatch must return an array with a result for each record"`,
  'promises-in-batch': `"each result of extractBatch must be a row, rows, null or an Error"`,
  any: `"the type of the returned row must be known, not any"`,
  'any-in-batch': `"the type of the returned row must be known, not any"`,
  both: `"a dataset has extract or extractBatch, not both"`,
}

describe('what the compiler says of an extract that disagrees with its columns', () => {
  it.each(Object.entries(EXPECTED))('%s: two lines that end with %s', (name, ending) => {
    const messages = messagesOf(name)
    expect(messages).toHaveLength(1)
    expect(messages[0]!.split('\n')).toHaveLength(2)
    expect(messages[0]).toMatch(/^Type '\((record: Raw|records: Raw\[\])\) => /)
    expect(messages[0]!.endsWith(` is not assignable to type '${ending}'.`), messages[0]).toBe(true)
  })

  it('is nothing when they agree', () => {
    expect(messagesOf('fine')).toEqual([])
  })

  it('has an expectation for every file', () => {
    expect(files.map((file) => file.replace('.ts', '')).sort()).toEqual(
      [...Object.keys(EXPECTED), 'fine'].sort(),
    )
  })
})
