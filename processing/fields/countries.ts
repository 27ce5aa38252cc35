import { countries } from 'countries-list'
import codes from 'i18n-iso-countries/codes.json' with { type: 'json' }
import ar from 'i18n-iso-countries/langs/ar.json' with { type: 'json' }
import cs from 'i18n-iso-countries/langs/cs.json' with { type: 'json' }
import da from 'i18n-iso-countries/langs/da.json' with { type: 'json' }
import de from 'i18n-iso-countries/langs/de.json' with { type: 'json' }
import el from 'i18n-iso-countries/langs/el.json' with { type: 'json' }
import en from 'i18n-iso-countries/langs/en.json' with { type: 'json' }
import es from 'i18n-iso-countries/langs/es.json' with { type: 'json' }
import fi from 'i18n-iso-countries/langs/fi.json' with { type: 'json' }
import fr from 'i18n-iso-countries/langs/fr.json' with { type: 'json' }
import hu from 'i18n-iso-countries/langs/hu.json' with { type: 'json' }
import it from 'i18n-iso-countries/langs/it.json' with { type: 'json' }
import ja from 'i18n-iso-countries/langs/ja.json' with { type: 'json' }
import ko from 'i18n-iso-countries/langs/ko.json' with { type: 'json' }
import nb from 'i18n-iso-countries/langs/nb.json' with { type: 'json' }
import nl from 'i18n-iso-countries/langs/nl.json' with { type: 'json' }
import pl from 'i18n-iso-countries/langs/pl.json' with { type: 'json' }
import pt from 'i18n-iso-countries/langs/pt.json' with { type: 'json' }
import ro from 'i18n-iso-countries/langs/ro.json' with { type: 'json' }
import ru from 'i18n-iso-countries/langs/ru.json' with { type: 'json' }
import sv from 'i18n-iso-countries/langs/sv.json' with { type: 'json' }
import tr from 'i18n-iso-countries/langs/tr.json' with { type: 'json' }
import uk from 'i18n-iso-countries/langs/uk.json' with { type: 'json' }
import zh from 'i18n-iso-countries/langs/zh.json' with { type: 'json' }
import { text } from './text.ts'

/**
 * Languages whose names of countries are known. If two call different countries by one name, the first language counts.
 */
const LANGUAGES = [
  ...[en, de, fr, es, pt, nl, pl, ja, it, sv, da, nb, fi],
  ...[cs, hu, ro, el, ru, uk, tr, ar, ko, zh],
]

/** Other names in listings; `uk` is a name of GB, not the code of Ukraine's language. */
const OTHER_NAMES: readonly (readonly [code: string, ...names: string[]])[] = [
  ['GB', 'uk', 'u.k.', 'england', 'scotland', 'wales', 'northern ireland'],
  ['NL', 'the netherlands', 'holland'],
  ['US', 'u.s.', 'u.s.a.'],
  ['DE', 'ger'],
]

const CODES = knownNames()

/**
 * Returns the two-letter ISO 3166 code of a country. Reads its code of two or three letters, or its name in one of 23
 * languages or its own, in any case, with or without accents. Null if the value names no country.
 */
export function countryCode(value: unknown): string | null {
  const name = text(value)?.toLowerCase()
  return name === undefined ? null : (CODES.get(name) ?? null)
}

function knownNames(): Map<string, string> {
  const known = new Map<string, string>()
  const add = (name: string, code: string) => {
    for (const spelling of [name.toLowerCase(), withoutAccents(name.toLowerCase())]) {
      if (!known.has(spelling)) known.set(spelling, code)
    }
  }
  for (const [code, ...names] of OTHER_NAMES) for (const name of names) add(name, code)
  for (const [code, longCode] of codes) for (const name of [code!, longCode!]) add(name, code!)
  for (const { countries: names } of LANGUAGES) {
    for (const [code, name] of Object.entries(names)) for (const one of [name].flat()) add(one, code)
  }
  for (const [code, { native }] of Object.entries(countries)) add(native, code)
  return known
}

function withoutAccents(name: string): string {
  return name.normalize('NFD').replace(/\p{M}/gu, '').normalize('NFC')
}
