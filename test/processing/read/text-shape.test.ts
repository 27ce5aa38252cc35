import { expect, test } from 'vitest'
import { notJsonLines } from '../../../processing/read/text-shape.ts'

const shapeOf = (text: string | Buffer, isWhole = true) => notJsonLines(Buffer.from(text as string), isWhole)
const RECORDS = Array.from({ length: 300 }, (_, id) => ({ id, tags: [id] }))
const ONE = ': one record a line is expected'
const LINES = ': JSON Lines are expected'

test.each([
  ['nothing', ''],
  ['blank lines', '\n \r\n\n'],
  ['records', '{"a":1}\n{"a":2}\n'],
  ['records without a newline between them', '{"a":1}{"a":2} {"a":3}'],
  ['one that is cut short', '{"a":'],
  ['a first line that is broken', '{"a":\n{"a":1}\n'],
  ['a first line that is no JSON', 'nonsense\n{"a":1}\n'],
  ['a first line of binary', `\0\x01\x02\n{"a":1}\n`],
  ['text with a newline in it, first', '{"a":"one\n", "b":1}\n{"a":1}\n{"a":2}\n'],
  ['text with a newline in it', '{"a":"one\ntwo"}\n{"a":1}\n'],
  ['values that are no objects', '1\nnull\n"text"\n'],
  ['lists, one a line', '[{"a":1}]\n[{"a":2}]\n'],
  ['a list, then records', '[1,2]\n{"a":1}\n'],
  ['records that end with CR', '{"a":1}\r{"a":2}\r'],
  ['blanks before the first', '  \n\t{"a":1}\n'],
])('%s: JSON Lines', (_, text) => {
  expect(shapeOf(text)).toBeUndefined()
})

test.each<[string, string | Buffer, string]>([
  ['an array on a line', JSON.stringify(RECORDS), `looks like a JSON array, a list of 300${ONE}`],
  ['an array, spread', JSON.stringify(RECORDS, null, 2), `looks like a JSON array, a list of 300${ONE}`],
  [
    'one element a line',
    `[\n${RECORDS.map((r) => JSON.stringify(r)).join(',\n')}\n]\n`,
    `looks like a JSON array, a list of 300${ONE}`,
  ],
  [
    'an array that is cut short',
    JSON.stringify(RECORDS, null, 2).slice(0, 900),
    `looks like a JSON array${ONE}`,
  ],
  ['one with commas that begin lines', '[{"a":1}\n,{"a":2}\n,{"a"', `looks like a JSON array${ONE}`],
  ['a long array that is cut short', JSON.stringify(RECORDS).slice(0, -1), `looks like a JSON array${ONE}`],
  [
    'an object, spread',
    JSON.stringify({ records: RECORDS }, null, 2),
    `looks like pretty-printed JSON${ONE}`,
  ],
  ['objects, spread', '{ "a": 1,\r\n  "b": 2\r\n}\r\n{ "a": 2 }\r\n', `looks like pretty-printed JSON${ONE}`],
  ['an object of nothing, spread', '{\n}\n', `looks like pretty-printed JSON${ONE}`],
  ['an object, spread by CR', '{\r  "a": 1\r}', `looks like pretty-printed JSON${ONE}`],
  ['commas that begin lines', '{ "a": 1\n, "b": 2\n}\n', `looks like pretty-printed JSON${ONE}`],
  [
    'records of a list in an object, one a line',
    `{"records":[\n${RECORDS.map((r) => JSON.stringify(r)).join(',\n')}\n]}\n`,
    `looks like pretty-printed JSON${ONE}`,
  ],
  ['newlines between quotes', 'id,title\n1,"a, b\nc ""d"""\n2,e\n', `looks like CSV${LINES}`],
  ['a number between them', 'id,title\n"a","b\n2\nc"\n"d","e"\n', `looks like CSV${LINES}`],
  ['quotes that are cut short', 'id,title\n1,"a\nb"\n2,"c\n', `looks like CSV${LINES}`],
  ['commas', 'id,title\n1,"a, b"\n2,c\n', `looks like CSV${LINES}`],
  ['semicolons', 'id;title\r\n1;é\r\n', `looks like CSV${LINES}`],
  ['tabs', 'id\ttitle\n1\ta\n', `looks like CSV${LINES}`],
  ['markup', '<?xml version="1.0"?>\n<a/>\n', `looks like XML or HTML${LINES}`],
  ['other text', 'x', `text that is not JSON${LINES}`],
  ['lines of a log', '2024-01-01 started\nstopped, then\n', `text that is not JSON${LINES}`],
  ['no UTF-8', Buffer.from([0xe0, 1, 0, 0xea]), `unknown content, which is not text${LINES}`],
  ['binary', Buffer.from([0x42, 0, 1, 2, 3, 0xff]), `unknown content, which is not text${LINES}`],
  [
    'noise',
    Buffer.from(Array.from({ length: 999 }, (_, n) => 128 + ((n * 37) % 128))),
    expect.stringMatching(/^unknown content/) as string,
  ],
])('%s: none', (_, text, found) => {
  expect(shapeOf(text)).toEqual(found)
})

test('of what is not all there the array is told, but not its length', () => {
  const text = JSON.stringify(RECORDS)
  expect(shapeOf(text, false)).toBe(`looks like a JSON array${ONE}`)
  expect(shapeOf(`${' '.repeat(70_000)}${text}`, false)).toBe(`looks like a JSON array${ONE}`)
  expect(shapeOf(`{"a":"${'x'.repeat(70_000)}`, false)).toBeUndefined()
})
