import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ColumnSpec } from '../../../core/columns.ts'
import { KnownTexts } from '../../../processing/parquet/known-texts.ts'
import { unpackChunk } from '../../../processing/parquet/chunk.ts'
import { rowEncoder } from '../../../processing/parquet/row-encoder.ts'

const COLUMNS: readonly ColumnSpec[] = ['a', 'b'].map((name) => ({ name, kind: 'string', nullable: true }))

/** Encodes records' texts, which are put among the known ones first if there are any. */
function encode(
  records: readonly (readonly string[])[],
  rowOf: (record: readonly string[]) => Record<string, unknown>,
  memory?: Buffer,
) {
  const known = memory && new KnownTexts(memory.buffer)
  const encoder = rowEncoder(COLUMNS, { compressSeconds: 0 }, [], undefined, known)
  for (const field of ['one', 'two', 'three']) known?.placeOf(field)
  for (const texts of records) {
    memory?.fill(255)
    known?.forget()
    for (const [place, text] of texts.entries()) {
      const start = 1 + place * 700
      memory?.write(text, start)
      if (/^[\0-\x7f]*$/.test(text)) known?.put(place, text, start)
    }
    encoder.append(rowOf(texts))
  }
  const { rows, leaves } = unpackChunk(encoder.finish())
  return { rows, leaves: leaves.map(({ bytes, ...leaf }) => ({ ...leaf, bytes: Buffer.from(bytes) })) }
}

test('a text that is known is encoded to the same bytes, whatever stands behind it', () => {
  const memory = Buffer.alloc(4096)
  const ascii = fc.integer({ min: 0, max: 127 }).map((code) => String.fromCharCode(code))
  const text = fc.oneof(
    fc.string({ unit: ascii, maxLength: 30, size: 'max' }),
    fc.string({ unit: ascii, minLength: 500, maxLength: 520, size: 'max' }),
    fc.constantFrom('é', 'naïve text', '😀'.repeat(9), 'x'.repeat(600) + 'ü'),
    fc.constantFrom('', 'same', 'x'.repeat(24), 'x'.repeat(25), '\x7f'.repeat(16)),
  )
  fc.assert(
    fc.property(
      fc.array(fc.tuple(text, text, text), { minLength: 1, maxLength: 12 }),
      fc.array(fc.nat(4), { minLength: 12, maxLength: 12 }),
      (records, changes) => {
        const rowOf = (given: readonly string[]) => {
          const [one, two, three] = given as [string, string, string]
          const change = changes[records.indexOf(given as (typeof records)[number])]!
          return [
            { a: one, b: two },
            { a: three, b: two },
            { a: `${one}.`, b: null },
            // Another string of the same characters.
            { a: [...one].join(''), b: three },
            { a: null, b: one },
          ][change]!
        }
        expect(encode(records, rowOf, memory)).toEqual(encode(records, rowOf))
      },
    ),
    { numRuns: 200 },
  )
})

test('each field has a place of its own, as long as there are any', () => {
  const known = new KnownTexts(new ArrayBuffer(8))
  const places = Array.from({ length: 2000 }, (_, field) => known.placeOf(String(field)))
  expect(new Set(places).size).toBe(known.starts.length)
  expect(known.placeOf('7')).toBe(places[7])
  expect(Math.max(...places)).toBe(known.texts.length - 1)
})
