import { detect } from 'tinyld'
import { expect, test } from 'vitest'
import { language } from '../../../processing/fields/languages.ts'
import { accuracyOf, labelledSentences } from '../../support/processing/labelled-sentences.ts'

const sentences = labelledSentences()
const languages = new Set(sentences.map((sentence) => sentence.language))

test('99 in 100 labelled sentences are told right, more than by another detector', () => {
  expect([sentences.length, languages.size]).toEqual([2160, 12])
  const accuracy = accuracyOf(language, sentences)
  expect(accuracy).toBeGreaterThan(0.985)
  expect(accuracy).toBeGreaterThan(accuracyOf(detect, sentences))
})

test.each([...languages])('of the sentences in %s, 19 in 20 are told right', (one) => {
  const inOne = sentences.filter((sentence) => sentence.language === one)
  expect(accuracyOf(language, inOne)).toBeGreaterThan(one === 'cs' ? 0.9 : 0.95)
})

test.each([
  ['Nurse (m/f/d)', 'en'],
  ['Kraftfahrer gesucht', 'de'],
  ['看護師を募集しています', 'ja'],
  ['   ', null],
  ['12.345 – 67', null],
  ['👩‍⚕️🚀', null],
  ['\ud83d', null],
  [7, null],
  [null, null],
])('the language of %j is %s', (value, expected) => {
  expect(language(value)).toBe(expected)
})

test('only the beginning of a text counts', () => {
  const english = 'We are looking for someone who cares about doing the job well, in a friendly team. '
  expect(language(english.repeat(3) + 'Wir suchen eine Pflegefachkraft. '.repeat(100))).toBe('en')
})
