/**
 * Frees memory outside of the heap whose buffers nothing refers to any more. V8 itself would wait, because it sees only
 * the small heap. Does nothing in a process without `--expose-gc`: there the memory is freed later.
 */
export function collectGarbage(): void {
  globalThis.gc?.()
}
