import { expect, test } from 'vitest'
import { currencyCode } from '../../../processing/fields/currencies.ts'

test.each([
  ['eur', 'EUR'],
  [' USD ', 'USD'],
  ['Euro', 'EUR'],
  ['Japanese yen', 'JPY'],
  ['45.000,50 €', 'EUR'],
  ['R$4.000', 'BRL'],
  ['CA$50,000', 'CAD'],
  ['US$45k', 'USD'],
  ['A$ 90,000', 'AUD'],
  ['12 000 zł', 'PLN'],
  ['EUR 45,000 a year', 'EUR'],
  ['¥4 200 000', 'JPY'],
  ['420万円', 'JPY'],
  ['XYZ', null],
  ['tbd', null],
  ['45K', null],
  ['all in', null],
  ['30.000 kr', null],
  ['??', null],
  [45_000, null],
  [null, null],
])('%j names the currency %s', (value, code) => {
  expect(currencyCode(value)).toBe(code)
})

test.each([
  ['$45,000', 'CA', 'CAD'],
  ['$45,000', 'DE', 'USD'],
  ['$', 'XX', 'USD'],
  ['$', '__proto__', 'USD'],
  ['US$45,000', 'CA', 'USD'],
  ['¥200', 'CN', 'CNY'],
  ['30.000 kr', 'SE', 'SEK'],
  ['30.000 kr.', 'DK', 'DKK'],
  ['£30k', 'EG', 'GBP'],
])('%s in %s is %s', (value, country, code) => {
  expect(currencyCode(value, country)).toBe(code)
})
