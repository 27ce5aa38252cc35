import { expect, it } from 'vitest'
import { rawKeyPatterns } from '../../../lib/constructs/raw-keys.ts'

const numbered = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, index) => `${prefix}${String(index).padStart(3, '0')}`)
const matches = (pattern: string, key: string) => key.startsWith(pattern.slice(0, -1))

it('names each prefix once while they are few', () => {
  expect(rawKeyPatterns(['jobs', 'a/b', 'jobs'])).toEqual(['a/b/*', 'jobs/*'])
})

it('is the whole bucket where a dataset is', () => {
  expect(rawKeyPatterns(['jobs', ''])).toEqual(['*'])
})

it('stays small with many prefixes, and covers each of them', () => {
  const prefixes = [...numbered(100, 'web/click_'), ...numbered(100, 'app/tap_')]
  const patterns = rawKeyPatterns(prefixes)
  expect(patterns.length).toBeLessThan(12)
  for (const prefix of prefixes)
    expect(patterns.some((pattern) => matches(pattern, `${prefix}/2024/01/01/x`))).toBe(true)
  for (const pattern of patterns) expect(pattern).toMatch(/^(web\/click_|app\/tap_)/)
})

it('names no other prefix while those that begin alike are enough', () => {
  const patterns = rawKeyPatterns([...numbered(50, 'raw/'), 'other'])
  expect(patterns.filter((pattern) => matches(pattern, 'secret/x'))).toEqual([])
})

it('is the whole bucket for many prefixes that have nothing in common', () => {
  const letters = [...'abcdefghijklmnopqrstuvwxyz'].map((letter) => letter.repeat(900))
  const patterns = rawKeyPatterns(letters)
  expect(patterns.join('').length).toBeLessThan(1000)
  for (const letter of letters) expect(patterns.some((each) => matches(each, `${letter}/x`))).toBe(true)
})
