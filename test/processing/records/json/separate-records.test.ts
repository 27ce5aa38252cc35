import { expect, test } from 'vitest'
import { holdsSeveral, separateRecords } from '../../../../processing/records/json/separate-records.ts'

/** Separates the records of a line that has other text before and behind it. */
function separated(line: string): { several: boolean; records: string[] } {
  const bytes = Buffer.from(`"}{${line}}{"`)
  const [start, end] = [3, bytes.length - 3]
  return {
    several: holdsSeveral(bytes, start, end),
    records: [...separateRecords(bytes, start, end)].map((stretch) => bytes.toString('utf8', ...stretch)),
  }
}

test.each([
  ['objects within', ['{"a":{"b":{}}}', '{"a":[{},{}]}', '{}']],
  ['braces in text', ['{"a":"}{"}', '{"}{":"{"}', '{"a":"}"}']],
  ['escaped quotes in text', ['{"a":"\\"}{"}', '{"a":"\\"}{\\""}', '{"\\"":"}"}']],
  ['escaped backslashes at the end of text', ['{"a":"\\\\"}', '{"a":"\\\\\\"}{"}', '{"\\\\":1}']],
  ['other characters than ASCII', ['{"é":"漢🙂}"}', '{"a":"\\u007d{"}']],
])('records are told apart with %s', (_, records) => {
  for (const between of ['', ' ', '\t \r'])
    expect(separated(between + records.join(between) + between)).toEqual({ several: true, records })
  for (const record of records) expect(separated(record)).toEqual({ several: false, records: [record] })
})

test.each(['{"a":1}{"a":2', '{"a":1}{"a":"}', '{"a":1}{"a":"\\"}', '{"a":1}{"a":"\\'])(
  'the last record of %s, which no brace closes, goes to the end of the line',
  (line) => {
    expect(separated(line)).toEqual({ several: true, records: ['{"a":1}', line.slice(7)] })
  },
)

test.each(['', ' ', '1', '{"a":1}1', '{"a":1},{"a":2}', '[{}]{}'])('%j is not several records', (line) => {
  expect(separated(line).several).toBe(false)
})
