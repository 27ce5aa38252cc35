/** Bytes that stay free in front of the data, for the line that the piece before left unfinished. */
export const HEADROOM = 64 * 1024

/** Reuses buffers: fresh memory costs a page fault every 4 KiB. */
export interface BufferPool {
  /** Returns a buffer with room for `bytes` after {@link HEADROOM}. */
  take(bytes: number): SharedArrayBuffer
  /** Gives a buffer back; one of another size is dropped. */
  release(buffer: SharedArrayBuffer): void
}

/**
 * Opens a pool of buffers for up to `bufferBytes`; larger ones are made to measure.
 *
 * @param free unused buffers of `bufferBytes` + {@link HEADROOM} bytes, to begin with
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
