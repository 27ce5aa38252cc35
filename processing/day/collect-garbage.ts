/**
 * Gives back the memory of buffers that nobody refers to any more. V8 sees a small heap and waits, while each of them
 * holds megabytes outside of it. Does nothing in a process without `--expose-gc`, where they only wait longer.
 */
export function collectGarbage(): void {
  globalThis.gc?.()
}
