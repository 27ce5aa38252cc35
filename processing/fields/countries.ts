import { text } from './text.ts'

/** What listings call a country besides its ISO 3166 code. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  AT: ['aut', 'austria', 'österreich'],
  BE: ['bel', 'belgium', 'belgique', 'belgië'],
  BR: ['bra', 'brazil', 'brasil'],
  CA: ['can', 'canada'],
  CH: ['che', 'switzerland', 'schweiz', 'suisse'],
  DE: ['deu', 'ger', 'germany', 'deutschland'],
  ES: ['esp', 'spain', 'españa'],
  FR: ['fra', 'france'],
  GB: ['gbr', 'uk', 'u.k.', 'united kingdom', 'great britain', 'england', 'scotland', 'wales'],
  IE: ['irl', 'ireland'],
  IN: ['ind', 'india'],
  IT: ['ita', 'italy', 'italia'],
  JP: ['jpn', 'japan', '日本'],
  MX: ['mex', 'mexico', 'méxico'],
  NL: ['nld', 'netherlands', 'the netherlands', 'nederland'],
  PL: ['pol', 'poland', 'polska'],
  PT: ['prt', 'portugal'],
  US: ['usa', 'u.s.', 'u.s.a.', 'united states', 'united states of america'],
}

const CODES = new Map(
  Object.entries(NAMES).flatMap(([code, names]) => names.map((name): [string, string] => [name, code])),
)

/** ISO 3166 code of a country's code or name; null for a name that is not known. */
export function countryCode(value: unknown): string | null {
  const name = text(value)?.toLowerCase()
  if (name === undefined) return null
  // `uk` is a name of GB, not the code of Ukraine's language.
  return CODES.get(name) ?? (/^[a-z]{2}$/.test(name) ? name.toUpperCase() : null)
}
