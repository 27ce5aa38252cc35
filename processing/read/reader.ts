import type { Compression, RawObject } from '../../core/manifest.ts'
import type { ReadSettings } from '../../core/read-settings.ts'
import type { Piece, Unread } from './cut-lines.ts'
import { ObjectNotRead, type Source } from './source.ts'

/** A stretch of an object, and its place in a buffer. */
export interface Stretch {
  readonly object: RawObject
  /** Position of the first byte in the object. */
  readonly start: number
  readonly bytes: number
  /** Position of the first byte in the buffer. */
  readonly at: number
}

/** A stretch that could not be read. */
export interface NotRead {
  /** Index among the stretches that were asked for. */
  readonly index: number
  readonly message: string
  /** True if the object changed since it was listed. */
  readonly isChanged: boolean
}

/** A decoded piece of a large object. */
export interface Decoded {
  /** The piece. @default the object has no more */
  readonly piece?: Piece | Unread
  /** Raw bytes read since the piece before. */
  readonly rawBytes: number
  /** Compression of the object; undefined if there is none. */
  readonly compression?: Compression | undefined
}

/** Settings for decoding a large object. */
export interface DecodeSettings {
  /** Raw bytes per shard, which decoded pieces are gathered to. */
  readonly shardBytes: number
  readonly unreadable: ReadSettings['unreadable']
}

/** Reads for all threads of the job, in this thread or in others. */
export interface Reader {
  /** Fills a buffer with stretches of objects. Resolves to those that could not be read, once all others are there. */
  fill(stretches: readonly Stretch[], buffer: SharedArrayBuffer): Promise<readonly NotRead[]>
  /**
   * Reads and decodes a large object; makes a piece when it is asked for.
   *
   * @param take gives buffers for decoded pieces
   * @default objects are decoded in the caller's thread
   */
  decode?(object: RawObject, settings: DecodeSettings, take: () => SharedArrayBuffer): AsyncGenerator<Decoded>
}

/** Returns a reader of all stretches at once, in this thread. */
export function readHere(source: Source): Reader {
  return {
    async fill(stretches, buffer) {
      const notRead: NotRead[] = []
      const reading: Promise<void>[] = []
      for (const [index, { object, start, bytes, at }] of stretches.entries()) {
        const later = source.read(object, start, Buffer.from(buffer, at, bytes))?.catch((error: unknown) => {
          if (!(error instanceof ObjectNotRead)) throw error
          notRead.push({ index, message: error.message, isChanged: error.isChanged })
        })
        // A promise per small object would cost more than reading it.
        if (later) reading.push(later)
      }
      await Promise.all(reading)
      return notRead
    },
  }
}
