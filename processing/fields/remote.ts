import { text } from './text.ts'

/** Phrases of titles and texts that work is at the employer's. */
const ON_SITE =
  /\b(?:no|not|non)[- ]remote|on-?site only|no home ?office|kein(?:e|en)? (?:home-?office|remote)|nur vor ort|pas de télétravail|sin teletrabajo|sem teletrabalho|geen thuiswerk|bez pracy zdalnej|リモート不可|在宅不可/
/** Phrases that it is remote: enough in a title. */
const REMOTE =
  /\bremote\b|home-?office|work(?:ing)? from home|télétravail|teletrabajo|remoto\b|teletrabalho|thuiswerk|zdaln[aeiy]|telelavoro|distansarbete|リモート|在宅/
/** Phrases that it is remote all of the time: a text may offer only a day at home. */
const FULLY_REMOTE =
  /(?:fully|100 ?%|completely|voll(?:ständig)?|full|volledig) (?:remote|home-?office|télétravail|vanuit huis)|\bremote (?:position|job|role|first)|remote-first|work from (?:anywhere|home)|(?:100 ?%|totalmente|completamente) (?:remoto|remota|teletrabajo)|trabalho remoto|trabajo remoto|(?:100 ?%|w pełni) zdaln|フルリモート|完全在宅/

/**
 * Returns true if a position is remote, false if it is on site. Reads the flag (a boolean, or `yes`, `true`, `no`,
 * `false` in any case); if that tells nothing, the title; then the description, which must offer remote work all of the
 * time. Understands eight languages. Null if none of them tells.
 */
export function remote(flag: unknown, title?: unknown, description?: unknown): boolean | null {
  return ofFlag(flag) ?? ofText(title, REMOTE) ?? ofText(description, FULLY_REMOTE)
}

function ofFlag(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value
  const word = text(value)?.toLowerCase()
  if (word === 'yes' || word === 'true') return true
  if (word === 'no' || word === 'false') return false
  return null
}

function ofText(value: unknown, remotely: RegExp): boolean | null {
  const found = text(value)?.toLowerCase()
  if (found === undefined) return null
  if (ON_SITE.test(found)) return false
  return remotely.test(found) ? true : null
}
