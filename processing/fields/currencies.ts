import { countries } from 'countries-list'
import { currencies } from 'countries-list/currencies'
import { text } from './text.ts'

/** Signs that the list of currencies lacks, as people write them. */
const OTHER_SIGNS: readonly (readonly [sign: string, code: string])[] = [
  ['￥', 'JPY'],
  ['円', 'JPY'],
  ['元', 'CNY'],
  ['a$', 'AUD'],
  ['c$', 'CAD'],
  ['s$', 'SGD'],
  ['nt$', 'TWD'],
  ['zl', 'PLN'],
]
/** Meaning of an ambiguous sign in a country that has none of its currencies. */
const USUAL: Readonly<Record<string, string>> = { $: 'USD', '£': 'GBP', '¥': 'JPY', '₩': 'KRW', rs: 'INR' }

/** A sign, perhaps after letters that name the country: `€`, `R$`, `CA$`; or a word. */
const TOKENS = /\p{L}{0,3}\p{Sc}|\p{L}+/gu

const CODES = new Set(Object.keys(currencies))
const NAMES = new Map<string, string>()
const SIGNS = new Map<string, Set<string>>()
for (const [code, { name, native, symbol, symbolNative }] of Object.entries(currencies)) {
  for (const one of [name, native]) NAMES.set(one.toLowerCase(), code)
  for (const sign of [symbol, symbolNative]) if (isSign(sign)) addSign(sign, code)
}
for (const [sign, code] of OTHER_SIGNS) addSign(sign, code)

/**
 * Returns the ISO 4217 code of a currency. Reads a code, a name, or a text such as an amount, in which the first code
 * or sign counts. An ambiguous sign, such as `$`, is taken for the country's currency if that is one of its meanings,
 * else for the most usual one. Null if the value names no present currency.
 *
 * @param country ISO 3166 code of two letters; null if unknown
 */
export function currencyCode(value: unknown, country: string | null = null): string | null {
  const found = text(value)
  if (found === null) return null
  const code = found.toUpperCase()
  if (CODES.has(code)) return code
  return NAMES.get(found.toLowerCase()) ?? currencyIn(found, country)
}

function currencyIn(found: string, country: string | null): string | null {
  for (const [token] of found.matchAll(TOKENS)) {
    const code = CODES.has(token) ? token : ofSign(token.toLowerCase(), country)
    if (code !== null) return code
  }
  return null
}

function ofSign(sign: string, country: string | null): string | null {
  const candidates = SIGNS.get(sign)
  if (candidates === undefined) return ofLettersAndSign(sign, country)
  const [first] = candidates
  if (candidates.size === 1) return first!
  const ownOnes = currenciesOf(country)
  return ownOnes.find((code) => candidates.has(code)) ?? USUAL[sign] ?? null
}

/** Resolves letters and a sign: `US$` is the dollar of the US. */
function ofLettersAndSign(token: string, country: string | null): string | null {
  const sign = token.slice(-1)
  if (token.length === 1 || !SIGNS.has(sign)) return null
  const letters = token.slice(0, -1).toUpperCase()
  return ofSign(sign, currenciesOf(letters).length > 0 ? letters : country)
}

function currenciesOf(country: string | null): readonly string[] {
  return country !== null && Object.hasOwn(countries, country)
    ? countries[country as keyof typeof countries].currency
    : []
}

/** True for usable signs. Codes are none, and single letters are ambiguous: the K of `45K` is no kyat. */
function isSign(symbol: string): boolean {
  return !CODES.has(symbol) && !/^[a-z.]$/i.test(symbol) && /^(?:\p{L}{0,3}\p{Sc}|\p{L}+)$/u.test(symbol)
}

function addSign(sign: string, code: string): void {
  const key = sign.toLowerCase()
  const codes = SIGNS.get(key) ?? new Set()
  SIGNS.set(key, codes.add(code))
}
