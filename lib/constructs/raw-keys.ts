/**
 * Most characters of all patterns of a statement: a role's policies hold 10,240 together, several statements list the
 * raw files, and the ARN of the bucket stands before each pattern.
 */
const MOST_CHARACTERS = 1000
/** Length of `arn:aws-us-gov:s3:::`, the name of a bucket, a slash, quotes and a comma. */
const AROUND = 20 + 63 + 4

/**
 * Returns patterns for a policy, `<prefix>/*`, that match all keys below prefixes of the raw bucket. If there are too
 * many characters for a policy, alphabetical neighbors are replaced by the beginning that they share.
 *
 * @param prefixes without a slash at the end; an empty one stands for the whole bucket
 */
export function rawKeyPatterns(prefixes: readonly string[]): string[] {
  if (prefixes.includes('')) return ['*']
  const beginnings = [...new Set(prefixes)].map((prefix) => `${prefix}/`).sort()
  while (beginnings.length > 1 && lengthOf(beginnings) > MOST_CHARACTERS) joinNearest(beginnings)
  return beginnings.map((beginning) => `${beginning}*`)
}

function lengthOf(beginnings: readonly string[]): number {
  return beginnings.reduce((sum, { length }) => sum + length + AROUND, 0)
}

function joinNearest(beginnings: string[]): void {
  const shared = beginnings.slice(1).map((each, index) => common(beginnings[index]!, each))
  const longest = shared.reduce((best, each, index) => (each.length > shared[best]!.length ? index : best), 0)
  beginnings.splice(longest, 2, shared[longest]!)
}

function common(one: string, other: string): string {
  let length = 0
  while (length < one.length && one[length] === other[length]) length += 1
  return one.slice(0, length)
}
