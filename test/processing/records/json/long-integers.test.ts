import { expect, test } from 'vitest'
import { mayHoldLongInteger } from '../../../../processing/records/json/long-integers.ts'

/** Searches a line with digits before and behind it. */
function mayHold(line: string): boolean {
  const bytes = Buffer.from(`1234567890123456,\n${line}\n,1234567890123456`)
  return mayHoldLongInteger(bytes, 18, 18 + Buffer.byteLength(line))
}

/** Lines that are as long as a search strides, and one that is much longer. */
const PADS = [...Array(17).keys(), 127, 128, 1000].map((length) => 'x'.repeat(length))

test.each([
  '[#]',
  '{"p":"~","a":#}',
  '{"a":#,"p":"~"}',
  '{"p":"~","a":-#}',
  '{"p":"~","a": # }',
  '{"p":"~","a":[-#]}',
  '{"p":"~","a":[1,#,2]}',
  '{"p":"~","a":[\t#\r]}',
])('an integer of 16 digits is found in %s, and one of 15 is not', (line) => {
  for (const pad of PADS) {
    for (const digits of ['9007199254740993', '12345678901234567890', '1'.repeat(40)])
      expect(mayHold(line.replace('~', pad).replace('#', digits))).toBe(true)
    expect(mayHold(line.replace('~', pad).replace('#', '900719925474099'))).toBe(false)
  }
})

test.each([
  '{"p":"~","a":"#"}',
  '{"p":"~","a":"#,"}',
  '{"p":"~","a":",#"}',
  '{"p":"~","a":"id-#"}',
  '{"p":"~","a":"x#,"}',
  '{"p":"~","a":":#x"}',
  '{"p":"~","a":"-#-"}',
  '{"p":"~","a":0.#}',
  '{"p":"~","a":#.5}',
  '{"p":"~","a":#e1}',
])('digits in %s are no value, so that the line is parsed once only', (line) => {
  for (const pad of PADS)
    expect(mayHold(line.replace('~', pad).replace('#', '12345678901234567890'))).toBe(false)
})
