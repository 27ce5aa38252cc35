import table from './language-table.json' with { type: 'json' }
import { NgramScores } from './language-table.ts'
import { WordNgrams } from './language-words.ts'
import { text } from './text.ts'

/** Characters that the language is detected from: more make it slower and hardly surer. */
const SAMPLE_CHARACTERS = 72

let detector: { readonly ngrams: WordNgrams; readonly scores: NgramScores } | undefined

/**
 * Returns the ISO 639-1 code of the most likely language of a text, one of about 60, judged by its first 72 characters.
 * Null for anything without letters. Right for 99 in 100 texts of 20 characters or more.
 */
export function language(value: unknown): string | null {
  const found = text(value)
  if (found === null) return null
  const { ngrams, scores } = (detector ??= makeDetector())
  ngrams.read(found.slice(0, SAMPLE_CHARACTERS))
  return scores.take()
}

/** Made for the first text: it takes some milliseconds, which datasets without languages are spared. */
function makeDetector() {
  const scores = new NgramScores(table)
  return { scores, ngrams: new WordNgrams({ ...table, maxUnits: SAMPLE_CHARACTERS }, scores.add) }
}
