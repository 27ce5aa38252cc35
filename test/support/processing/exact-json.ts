import { parse } from 'lossless-json'

/**
 * A text of JSON as a parser that is not ours has it: integers beyond 2^53 - 1 either way are bigints, and of several
 * values of a key the last one counts.
 *
 * @throws Error where it and `JSON.parse` do not agree on all but the digits of integers; SyntaxError for other text
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

/** A value as text that tells bigints, numbers, the signs of zeros and the order of keys. */
export function written(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'bigint') return `bigint ${part}`
    return Object.is(part, -0) ? 'minus zero' : part
  })
}
