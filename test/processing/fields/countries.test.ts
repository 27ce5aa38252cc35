import { expect, test } from 'vitest'
import { countryCode } from '../../../processing/fields/countries.ts'
import { COUNTRIES } from '../../../samples/places.ts'

test.each([
  [' de ', 'DE'],
  ['DEU', 'DE'],
  ['Germany', 'DE'],
  ['Deutschland', 'DE'],
  ['ALLEMAGNE', 'DE'],
  ['ドイツ', 'DE'],
  ['Niemcy', 'DE'],
  ['España', 'ES'],
  ['Espana', 'ES'],
  ['Österreich', 'AT'],
  ['Osterreich', 'AT'],
  ['Ελλάδα', 'GR'],
  ['Italien', 'IT'],
  ['uk', 'GB'],
  ['Scotland', 'GB'],
  ['U.S.A.', 'US'],
  ['the Netherlands', 'NL'],
  ['XX', null],
  ['unknown', null],
  ['constructor', null],
  ['', null],
  [49, null],
  [null, null],
])('the country of %j is %s', (value, code) => {
  expect(countryCode(value)).toBe(code)
})

test('all spellings of the samples are known', () => {
  for (const { code, spellings } of COUNTRIES) {
    expect(spellings.map(countryCode)).toEqual(spellings.map(() => code))
  }
})
