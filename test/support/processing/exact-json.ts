import { parse } from 'lossless-json'

/**
 * Parses JSON by a parser that is not ours: integers beyond 2^53 - 1 in either direction become bigints, and the last
 * of several values of a key counts.
 *
 * @throws Error if it differs from `JSON.parse` in more than the digits of integers
 * @throws SyntaxError for text that is not JSON
 */
export function parseExactly(text: string): unknown {
  const value = parse(text, undefined, { parseNumber, onDuplicateKey: ({ newValue }) => newValue })
  const rounded = JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'bigint' ? Number(part) : part,
  )
  if (rounded !== JSON.stringify(JSON.parse(text))) throw new Error(`Parsers disagree on ${text}`)
  return value
}

function parseNumber(literal: string): number | bigint {
  const number = Number(literal)
  return /[.eE]/.test(literal) || Number.isSafeInteger(number) ? number : BigInt(literal)
}

/** Returns a value as text that tells bigints, numbers, the signs of zeros and the order of keys. */
export function written(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'bigint') return `bigint ${part}`
    return Object.is(part, -0) ? 'minus zero' : part
  })
}
