import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkOf } from '../../../processing/records/check-value.ts'

/**
 * A large input is 64 = 4^3 times a small one, and may take 6^3 times as long: a function that takes six times as long
 * for each step of four is worse than linear. Quadratic time would be 4,096 times as long. The wide margin allows for
 * other load on the machine.
 */
const [STEP, MAX_RATIO] = [64, 6 ** 3]
const SMALL = 1_000
/** Calls with a small input that are timed together, because the clock is coarse. */
const CALLS = 8
/**
 * A large input that takes less is not measured further: one that takes quadratic time takes thousands of times as
 * long.
 */
const AT_ONCE_MILLISECONDS = 0.1
const MEASURES = 3
const TRIES = 10
/** Makes the test fail soon if a function takes minutes. */
const PATIENCE_MILLISECONDS = 2_000

type Helper = (value: unknown) => unknown

const FOLDER = join(import.meta.dirname, '../../../processing/fields')
const modules = await Promise.all(
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => import(join(FOLDER, file)) as Promise<Record<string, unknown>>),
)
const helpers = modules
  .flatMap((module) => Object.entries(module))
  .filter((entry): entry is [string, (value: unknown, field: string) => unknown] => /^[a-z]/.test(entry[0]))
  .map(([name, helper]): [string, Helper] => [name, (value) => helper(value, 'field')])
const decimal = checkOf({ kind: 'decimal', parameters: [38, 10], nullable: false })

/** Makers of values of about that many characters. */
const SHAPES: Readonly<Record<string, (size: number) => unknown>> = {
  'separators between digits': (size) => `1${'.'.repeat(size)}1`,
  'separators after digits, and more': (size) => `${'1,'.repeat(size / 2)}x`,
  'digits and no end': (size) => `${'1'.repeat(size)}x`,
  'zeros and a point': (size) => `${'0'.repeat(size)}.${'0'.repeat(size)}x`,
  'an exponent': (size) => `1e${'9'.repeat(size)}x`,
  'blanks within': (size) => `x${' '.repeat(size)}x`,
  'blanks around': (size) => `${' '.repeat(size)}1${'\t'.repeat(size)}`,
  'blanks between digits': (size) => `${'1 '.repeat(size / 2)}k`,
  'per and blanks': (size) => `per${' '.repeat(size)}!`,
  'a time with a long fraction': (size) => `2024-05-06T10:00:00.${'1'.repeat(size)}?`,
  'tags that never match': (size) => '<i>'.repeat(size / 7) + '</b>'.repeat(size / 7),
  'tags that match': (size) => '<div>'.repeat(size / 11) + '</div>'.repeat(size / 11),
  'tags that close what is far out': (size) =>
    '<noscript>'.repeat(size / 20) + '</p></li><form>'.repeat(size / 30),
  'foreign elements': (size) => '<svg><foreignObject>'.repeat(size / 40) + '</clipPath>'.repeat(size / 20),
  'names of many kinds': (size) => listOf(size / 20, (index) => `<a${index}>x</b${index}>`).join(''),
  'beginnings of comments': (size) => '<!--'.repeat(size / 8) + '<![CDATA['.repeat(size / 18),
  'an open tag of many attributes': (size) => `<a ${'b="&amp" '.repeat(size / 9)}`,
  'entities that are none': (size) => '&CounterClockwiseContourIntegra&#x'.repeat(size / 34),
  'a list of texts': (size) => listOf(size / 10, (index) => `, ;|${index}`),
  'a list in a list, and so on': (size) => nested(size),
  'lone surrogates': (size) => '\ud83d'.repeat(size),
  'a long bigint': (size) => 1n << BigInt(Math.floor(size)),
}

test.each(helpers)('%s takes linear time', (name, helper) => {
  expect(slowShapes(name === 'yearlySalary' ? (value) => helper(salaryOf(value)) : helper)).toEqual([])
})

test('a decimal column checks its values in linear time', () => {
  expect(slowShapes(decimal)).toEqual([])
})

test('what takes more than linear time is found', () => {
  const searches = (value: unknown) => {
    const text = String(value)
    let found = 0
    for (let index = 0; index < text.length; index += 20) found += text.lastIndexOf('x')
    return found
  }
  expect(isLinear(searches, (size) => '.'.repeat(size))).toBe(false)
})

const salaryOf = (value: unknown) => ({ min: value, max: value, period: value, currency: value })

function slowShapes(helper: Helper): string[] {
  return Object.keys(SHAPES).filter((shape) => !isLinear(helper, SHAPES[shape]!))
}

/** The least of all measures counts, since load only makes them longer. */
function isLinear(helper: Helper, shape: (size: number) => unknown): boolean {
  const [small, large] = [flat(shape(SMALL)), flat(shape(SMALL * STEP))]
  let [once, often] = [Infinity, Infinity]
  const begun = performance.now()
  for (let tries = 0; tries < TRIES && performance.now() - begun < PATIENCE_MILLISECONDS; tries++) {
    for (let measure = 0; measure < MEASURES; measure++) {
      often = Math.min(often, milliseconds(helper, large, 1))
      if (often < AT_ONCE_MILLISECONDS) return true
      once = Math.min(once, milliseconds(helper, small, CALLS) / CALLS)
    }
    if (often / once < MAX_RATIO) return true
  }
  return false
}

function milliseconds(helper: Helper, value: unknown, calls: number): number {
  const begun = performance.now()
  for (let call = 0; call < calls; call++) {
    try {
      helper(value)
    } catch {
      // An error rejects the record; throwing it must be as quick.
    }
  }
  return performance.now() - begun
}

/** Copies concatenated text into one piece. The first read would do so otherwise, which is not the helper's doing. */
function flat(value: unknown): unknown {
  return typeof value === 'string' ? Buffer.from(value, 'utf16le').toString('utf16le') : value
}

function listOf<T>(length: number, item: (index: number) => T): T[] {
  return Array.from({ length }, (_, index) => item(index))
}

function nested(depth: number): unknown[] {
  let list: unknown[] = []
  for (let index = 0; index < depth; index++) list = [list]
  return list
}
