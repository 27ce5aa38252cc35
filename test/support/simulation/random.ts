/** Returns 32 bits that depend on a text. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return mixed(hash, 0)
}

/** Returns 32 bits that depend on two numbers and look random (murmur3's finalizer). */
export function mixed(seed: number, index: number): number {
  let bits = seed ^ Math.imul(index + 1, 0x9e3779b1)
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}

/** Returns a number from 0 to 1 that depends on a text. */
export const chanceOf = (text: string) => hashOf(text) / 2 ** 32
