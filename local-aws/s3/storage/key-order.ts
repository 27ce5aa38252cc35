/** Order of S3 listings: UTF-8 bytes over whole keys. JavaScript's own sort is by UTF-16 and differs on emoji. */
export function compareKeys(left: string, right: string): number {
  const length = Math.min(left.length, right.length)
  for (let index = 0; index < length; index++) {
    const [one, other] = [left.charCodeAt(index), right.charCodeAt(index)]
    if (one !== other) return byteRank(one) - byteRank(other)
  }
  return left.length - right.length
}

/** Where a UTF-16 unit stands in the order of UTF-8: surrogates, of characters beyond U+FFFF, come last. */
function byteRank(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}
