import { expect, test } from 'vitest'
import { jsonProblem } from '../../core/json-problem.ts'

const OTHER = 'text that is not JSON'

function errorOf(text: string): unknown {
  try {
    JSON.parse(text)
  } catch (error) {
    return error
  }
  throw new Error('expected text that is not JSON')
}

test.each([
  ['{', /^Expected property name or '}' in JSON at position 1/],
  ['{"a" 1}', /^Expected ':' after property name in JSON at position 5/],
  ['{"abcdefgh":1,}', /^Expected double-quoted property name in JSON at position 14/],
  ['[1 2]', /^Expected ',' or '\]' after array element in JSON at position 3/],
  ['{} {}', /^Unexpected non-whitespace character after JSON at position 3/],
  ['-', /^No number after minus sign in JSON at position 1/],
  ['"Jane', /^Unterminated string in JSON at position 5/],
  ['', /^Unexpected end of JSON input$/],
  ['Jane', /^text that is not JSON$/],
  ['[Jane]', /^text that is not JSON$/],
])('what is wrong with %s is told without quoting it', (text, problem) => {
  expect(jsonProblem(errorOf(text))).toMatch(problem)
})

const KNOWN = 'Unterminated string in JSON at position 12'
test.each([
  KNOWN,
  `${KNOWN} (line 3 column 14)`,
  KNOWN.replace(' in ', ' after '),
  'Unexpected end of JSON input',
])('the message is kept: %s', (message) => {
  expect(jsonProblem(new SyntaxError(message))).toBe(message)
})

test.each([
  'Unexpected token J in JSON at position 0',
  `Jane1 ${KNOWN}`,
  `\n${KNOWN}`,
  `jane: ${KNOWN}`,
  `${KNOWN} of Jane`,
  `${KNOWN} (line 3 column 14) of Jane`,
  `${KNOWN} (line J column 14)`,
  `${KNOWN} (line 3 column J)`,
  `${KNOWN}12345678901`,
  'Unterminated string in JSON at position Jane',
  'Unterminated string of JSON at position 12',
  'Unexpected end of JSON input Jane',
])('a message that may quote the text is not: %s', (message) => {
  expect(jsonProblem(new SyntaxError(message))).toBe(OTHER)
})

test('the message of any other error is not kept', () => {
  expect(jsonProblem(new Error(KNOWN))).toBe(OTHER)
  expect(jsonProblem(KNOWN)).toBe(OTHER)
})
