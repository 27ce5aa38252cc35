import { brotliDecompressSync } from 'node:zlib'
import { eld } from 'eld/extrasmall'
import fc from 'fast-check'
import { detect } from 'tinyld'
import { expect, test } from 'vitest'
import table from '../../../processing/fields/language-table.json' with { type: 'json' }
import { language } from '../../../processing/fields/languages.ts'
import { packedTable } from '../../support/languages/packed-table.ts'
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

const byEld = (found: string) => eld.detect(found.trim().slice(0, 72)).language || null

test('labelled sentences are told as eld tells them, in any case', () => {
  const texts = sentences.flatMap(({ text }) => [text, text.toUpperCase(), text.replaceAll(' ', "' ")])
  expect(texts.map(language)).toEqual(texts.map(byEld))
})

const pieces = [
  ...["don't ", "'", '`', '\u2019 ', 'İstanbul', 'ΟΔΟΣ', 'Σ ', 'ß', '日本語', '한국어 ', 'ไทย', 'العربية '],
  ...['pp', 'абвг', ' ', '\n', '-', '7', '\ud83d', '👩‍⚕️', 'ij', 'schön', 'żółty ', 'the ', 'der ', 'of'],
]

test('any text is told as eld tells it', () => {
  const piece = fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'grapheme', maxLength: 3 }))
  const found = fc.array(piece, { maxLength: 40 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(found, (text) => language(text) === byEld(text)),
    { numRuns: 3000 },
  )
})

test('a word beyond 70 bytes is told by these', () => {
  for (const word of [
    '日本語の文章'.repeat(12),
    `${'x'.repeat(66)}schön`,
    `${'a'.repeat(65)}ness`,
    'é'.repeat(72),
  ])
    expect(language(word)).toBe(byEld(word))
})

test('the table is that of the installed eld; npm run languages writes it', async () => {
  const unpacked = (found: { ngrams: string }) => ({
    ...found,
    ngrams: brotliDecompressSync(Buffer.from(found.ngrams, 'base64')).toString('latin1'),
  })
  expect(unpacked(table)).toEqual(unpacked(await packedTable()))
})
