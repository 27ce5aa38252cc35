import { expect, test } from 'vitest'
import { copyBytes } from '../../processing/copy-bytes.ts'

const LENGTHS = [0, 1, 255, 256, 300, 65_535, 65_536, 65_537, 200_000]
const MEMORIES = [
  ['own to own', ArrayBuffer, ArrayBuffer],
  ['shared to own', SharedArrayBuffer, ArrayBuffer],
  ['own to shared', ArrayBuffer, SharedArrayBuffer],
  ['shared to shared', SharedArrayBuffer, SharedArrayBuffer],
] as const

test.each(MEMORIES)('%s: all bytes come to their place, and none beside it', (_, From, To) => {
  for (const length of LENGTHS)
    for (const from of [0, 3, 8])
      for (const [offset, at] of [
        [0, 0],
        [5, 6],
        [2, 9],
      ] as const) {
        const source = new Uint8Array(new From(from + length + 7), from, length)
        for (let index = 0; index < length; index++) source[index] = index * 31 + (index >> 8) + 1
        const all = new Uint8Array(new To(offset + at + length + 20)).fill(250)
        copyBytes(source, all.subarray(offset), at)
        const expected = new Uint8Array(all.length).fill(250)
        expected.set(Uint8Array.from(source), offset + at)
        expect(Buffer.compare(all, expected)).toBe(0)
      }
})

test('what does not fit is refused as set refuses it', () => {
  for (const length of [10, 1000])
    expect(() => copyBytes(new Uint8Array(new SharedArrayBuffer(length)), new Uint8Array(length), 1)).toThrow(
      RangeError,
    )
})
