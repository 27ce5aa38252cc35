/**
 * Frees the memory of buffers that nothing refers to any more. V8 sees a small heap and waits, although each of them
 * holds megabytes outside of it. Does nothing in a process without `--expose-gc`, where they are only freed later.
 */
export function collectGarbage(): void {
  globalThis.gc?.()
}
