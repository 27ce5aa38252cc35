import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const FILE = join(import.meta.dirname, '../../fixtures/languages/sentences.tsv')

/** A text and the ISO 639-1 code of the language that it is in. */
export interface LabelledSentence {
  readonly language: string
  readonly text: string
}

/** The sentences that language detection is judged by: test/fixtures/languages/README.md. */
export function labelledSentences(): LabelledSentence[] {
  const lines = readFileSync(FILE, 'utf8').trimEnd().split('\n')
  return lines.map((line) => {
    const [language, text] = line.split('\t') as [string, string]
    return { language, text }
  })
}

/** The share of sentences whose language a detector tells right. */
export function accuracyOf(
  detect: (text: string) => string | null,
  sentences: readonly LabelledSentence[],
): number {
  const right = sentences.filter(({ language, text }) => detect(text) === language)
  return right.length / sentences.length
}
