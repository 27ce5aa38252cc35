/** Room in front of what is read, for the line that the piece before left unfinished. */
export const HEADROOM = 64 * 1024

/** Buffers that are used again and again: fresh memory costs a page fault every 4 KiB. */
export interface BufferPool {
  /** A buffer that holds `bytes` behind {@link HEADROOM}. */
  take(bytes: number): SharedArrayBuffer
  /** Gives a buffer back; one of another size is dropped. */
  release(buffer: SharedArrayBuffer): void
}

/**
 * A pool of buffers for up to `bufferBytes`; larger ones are made to measure.
 *
 * @param free buffers of {@link HEADROOM} more bytes that are not in use
 */
export function bufferPool(bufferBytes: number, free: SharedArrayBuffer[] = []): BufferPool {
  const size = bufferBytes + HEADROOM
  return {
    take: (bytes) =>
      bytes <= bufferBytes
        ? (free.pop() ?? new SharedArrayBuffer(size))
        : new SharedArrayBuffer(bytes + HEADROOM),
    release: (buffer) => {
      if (buffer.byteLength === size) free.push(buffer)
    },
  }
}
