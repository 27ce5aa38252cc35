import { createHash, randomUUID } from 'node:crypto'
import jsonata, { type Expression } from 'jsonata'

/**
 * Hash functions of `$hash`, by their names there, for the functions that Step Functions adds to JSONata.
 * https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
const HASHES: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
}
const MAX_RANGE = 1000

/**
 * Adds to a compiled expression the functions that Step Functions has beyond JSONata, such as `$uuid` and `$hash`, and
 * makes `$eval` fail.
 */
export function registerFunctions(expression: Expression): void {
  expression.registerFunction('partition', partition, '<an:a>')
  expression.registerFunction('range', range, '<nnn:a<n>>')
  expression.registerFunction('hash', hash, '<ss?:s>')
  expression.registerFunction('random', random, '<n?:n>')
  expression.registerFunction('uuid', () => randomUUID(), '<:s>')
  expression.registerFunction('parse', (text: string): unknown => JSON.parse(text), '<s:x>')
  expression.registerFunction('eval', () => {
    throw new Error('$eval is not supported. Use $parse for JSON.')
  })
}

/**
 * Returns the functions `$now` and `$millis` of JSONata for a clock that shows `time`.
 *
 * @param time milliseconds since 1970
 */
export function timeFunctions(time: number) {
  return {
    millis: () => time,
    now: (picture?: string, zone?: string) =>
      picture === undefined ? new Date(time).toISOString() : FROM_MILLIS.evaluate({ time, picture, zone }),
  }
}

const FROM_MILLIS = jsonata('$fromMillis(time, picture, zone)')

function partition(values: readonly unknown[], size: number): unknown[][] {
  const step = Math.floor(size)
  if (!(step >= 1)) throw new Error(`$partition: expected a size of at least 1, found ${size}.`)
  const chunks = Math.ceil(values.length / step)
  return Array.from({ length: chunks }, (_, index) => values.slice(index * step, (index + 1) * step))
}

function range(first: number, last: number, delta: number): number[] {
  if (delta === 0) throw new Error('$range: expected a delta other than 0.')
  const length = Math.max(0, Math.floor((last - first) / delta) + 1)
  if (length > MAX_RANGE) throw new Error(`$range: expected at most ${MAX_RANGE} values, found ${length}.`)
  return Array.from({ length }, (_, index) => first + index * delta)
}

function hash(text: string, algorithm = 'SHA-256'): string {
  const name = HASHES[algorithm]
  if (!name)
    throw new Error(`$hash: expected one of ${Object.keys(HASHES).join(', ')}, found "${algorithm}".`)
  return createHash(name).update(text, 'utf8').digest('hex')
}

/** Returns a number from 0 to 1; equal seeds give equal numbers. */
function random(seed?: number): number {
  if (seed === undefined) return Math.random()
  const digest = createHash('sha256').update(String(seed)).digest()
  return digest.readUInt32BE(0) / 2 ** 32
}
