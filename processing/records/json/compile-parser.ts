import { FAILED, type Cursor } from './cursor.ts'
import { valueReader, type ReadValue } from './read-value.ts'

/** Reads one record that begins at `start`; leaves the cursor at {@link FAILED} when the text is of another shape. */
export type ParseRecord = (cursor: Cursor, start: number) => unknown

const MAX_KEYS = 200

/**
 * A parser for records that look like `sample`: the same keys in the same order, objects where it has objects, without
 * white space. What it returns is what `JSON.parse` returns for that text. Undefined for a sample that has nothing to
 * go by.
 *
 * The parser is source text that compares keys four bytes at a time and makes the object with a literal, which is
 * several times as fast as anything that loops over a description of the shape.
 */
export function compileParser(sample: object): ParseRecord | undefined {
  const readers: ReadValue[] = []
  const body: string[] = []
  const count = { values: 0 }
  const literal = emitObject(sample, body, readers, count)
  if (literal === undefined || count.values > MAX_KEYS) return undefined
  const names = readers.map((_, index) => `read${index}`)
  const source = `
    const [${names.join(', ')}] = readers
    return (cursor, at) => {
      const { bytes, view } = cursor
      ${body.join('\n')}
      cursor.position = at
      return ${literal}
    }`
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- keys are quoted by JSON.stringify
  return new Function('readers', source)(readers) as ParseRecord
}

/** Emits statements that read an object at `at`; returns the expression that makes it. */
function emitObject(
  sample: object,
  body: string[],
  readers: ReadValue[],
  count: { values: number },
): string | undefined {
  const entries = Object.entries(sample)
  if (entries.length === 0) return undefined
  const fields: string[] = []
  for (const [index, [key, value]] of entries.entries()) {
    // In a literal it would set the prototype.
    if (key === '__proto__') return undefined
    body.push(expect(`${index === 0 ? '{' : ','}${JSON.stringify(key)}:`))
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    let expression: string | undefined
    if (isObject) expression = emitObject(value as object, body, readers, count)
    else {
      expression = `value${count.values++}`
      const reader = `read${readers.push(valueReader()) - 1}`
      body.push(`const ${expression} = ${reader}(cursor, at)`, 'at = cursor.position', `if (at < 0) return`)
    }
    if (expression === undefined) return undefined
    fields.push(`${JSON.stringify(key)}: ${expression}`)
  }
  body.push(expect('}'))
  return `{ ${fields.join(', ')} }`
}

/** A statement that passes by these bytes, or fails. A load goes at most three bytes past the first that differs. */
function expect(text: string): string {
  const bytes = Buffer.from(text)
  const tests: string[] = []
  let offset = 0
  for (; offset + 4 <= bytes.length; offset += 4) {
    tests.push(`view.getInt32(at + ${offset}, true) !== ${bytes.readInt32LE(offset)}`)
  }
  for (; offset < bytes.length; offset++) tests.push(`bytes[at + ${offset}] !== ${bytes[offset]}`)
  return `if (${tests.join(' || ')}) { cursor.position = ${FAILED}; return }\nat += ${bytes.length}`
}
