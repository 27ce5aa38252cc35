import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { hash64 } from '../../../processing/fields/hashes.ts'

test.each(['nurse', ' Oak & Anchor ', '株式会社みらい', '👍', 'x'.repeat(10_000)])(
  'the hash of "%s" is the first 8 bytes of its SHA-256',
  (text) => {
    const digest = createHash('sha256').update(text.trim(), 'utf8').digest()
    expect(hash64(text)).toBe(digest.readBigInt64BE(0))
  },
)

test('what is no text has no hash', () => {
  expect(['', ' ', null, undefined, 7].map(hash64)).toEqual([null, null, null, null, null])
})
