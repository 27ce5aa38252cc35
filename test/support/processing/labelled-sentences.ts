import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const FILE = join(import.meta.dirname, '../../fixtures/languages/sentences.tsv')

/** A text and the ISO 639-1 code of its language. */
export interface LabelledSentence {
  readonly language: string
  readonly text: string
}

/** Reads the sentences that language detection is judged by: test/fixtures/languages/README.md. */
export function labelledSentences(): LabelledSentence[] {
  const lines = readFileSync(FILE, 'utf8').trimEnd().split('\n')
  return lines.map((line) => {
    const [language, text] = line.split('\t') as [string, string]
    return { language, text }
  })
}

/** Returns the share of sentences whose language a detector recognises. */
export function accuracyOf(
  detect: (text: string) => string | null,
  sentences: readonly LabelledSentence[],
): number {
  const right = sentences.filter(({ language, text }) => detect(text) === language)
  return right.length / sentences.length
}
