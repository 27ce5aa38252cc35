/** Bytes that stay free in front of the data in a buffer. The unfinished last line of the piece before is put there. */
export const HEADROOM = 64 * 1024

/** Keeps unused buffers to use them again, as fresh memory costs a page fault every 4 KiB. */
export interface BufferPool {
  /** Returns a buffer with room for `bytes` behind {@link HEADROOM}. Its content is undefined. */
  take(bytes: number): SharedArrayBuffer
  /** Gives a buffer back. One of another size than the pool's is dropped. */
  release(buffer: SharedArrayBuffer): void
}

/**
 * Makes a pool of buffers that have room for `bufferBytes`. Larger ones are made when asked for, and not kept.
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
