/**
 * Compares two keys in the order of S3 listings, by UTF-8 bytes: negative if `left` comes first, positive if `right`
 * does. JavaScript's own order, by UTF-16, differs for characters such as emoji.
 */
export function compareKeys(left: string, right: string): number {
  const length = Math.min(left.length, right.length)
  for (let index = 0; index < length; index++) {
    const [one, other] = [left.charCodeAt(index), right.charCodeAt(index)]
    if (one !== other) return byteRank(one) - byteRank(other)
  }
  return left.length - right.length
}

/** Returns the rank of a UTF-16 unit in UTF-8 order: surrogates, of characters beyond U+FFFF, come last. */
function byteRank(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}
