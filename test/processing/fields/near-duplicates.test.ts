import { expect, test } from 'vitest'
import { nearDuplicateKey } from '../../../processing/fields/near-duplicates.ts'
import { sampleListing } from '../../../samples/listings.ts'
import { seededRandom } from '../../../samples/random.ts'
import { htmlText } from '../../../processing/fields/html.ts'

const random = seededRandom(1)
const texts = Array.from({ length: 100 }, (_, index) => {
  const { description } = sampleListing(random, '2024-05-06', index, 1500).record
  return htmlText(typeof description === 'string' ? description : '')
}).filter((text) => text.split(' ').length > 100)

function distance(left: string, right: string): number {
  const bits = BigInt.asUintN(64, nearDuplicateKey(left)! ^ nearDuplicateKey(right)!)
  return [...bits.toString(2)].filter((bit) => bit === '1').length
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

test('case, punctuation and white space make no difference', () => {
  expect(distance('Nurses, in LYON: aide-soignant(e)!', ' nurses in lyon aide soignant e')).toBe(0)
  expect(distance('一緒に、働く。', '一緒に働く')).toBe(0)
})

test('long texts have one key wherever their words lie', () => {
  const words = Array.from(
    { length: 20_000 },
    (_, index) => ['größer', 'job', '働', '👍', `n${index}`][index % 5]!,
  )
  const key = nearDuplicateKey(words.join(' '))
  for (const between of ['  ', ' - ', '\n']) expect(nearDuplicateKey(words.join(between))).toBe(key)
})

test('a word in a hundred changes a few bits', () => {
  const changed = texts.map((text) => text.replaceAll(/((?:\S+ ){99})\S+/g, '$1something'))
  const distances = texts.map((text, index) => distance(text, changed[index]!))
  expect(texts.length).toBeGreaterThan(50)
  expect(Math.max(...distances)).toBeLessThan(16)
  expect(mean(distances)).toBeLessThan(6)
})

test('texts that have nothing in common differ in half of the bits', () => {
  const word = (index: number) => `${(index * 7919).toString(36)}x`
  const unrelated = Array.from({ length: 60 }, (_, text) =>
    Array.from({ length: 1 + text * 3 }, (_, index) => word(text * 1000 + index)).join(' '),
  )
  const distances = unrelated.slice(1).map((text, index) => distance(text, unrelated[index]!))
  expect(mean(distances)).toBeGreaterThan(28)
  expect(mean(distances)).toBeLessThan(36)
})

test('the order of words counts', () => {
  expect(distance('one two three four five six', 'six five four three two one')).toBeGreaterThan(8)
})

test('what holds no words has no key', () => {
  expect(['', ' ', '– !', '👍', null, 7].map(nearDuplicateKey)).toEqual([null, null, null, null, null, null])
})

test('words beyond 65,535 do not count', () => {
  const long = 'word '.repeat(65_535)
  expect(nearDuplicateKey(long + 'and others')).toBe(nearDuplicateKey(long))
  expect(nearDuplicateKey('a b c')).not.toBe(nearDuplicateKey('a b d'))
})

test('keys stay what they are: those of published days are compared with new ones', () => {
  expect(nearDuplicateKey('Night porter (m/f/d), Leeds')).toBe(2305844710630556160n)
  expect(nearDuplicateKey('Ærlig talt: 東京 2024')).toBe(6608589380614133255n)
  expect(nearDuplicateKey('Ɱany ꞍꞋ kinds of letters Ａ')).toBe(4713781177920762597n)
})
