import type { Compression, RawObject } from '../../core/manifest.ts'
import type { ReadSettings } from '../../core/read-settings.ts'
import type { Piece, Unread } from './cut-lines.ts'
import { ObjectNotRead, type Source } from './source.ts'

/** A range of an object's bytes, and where to put it in a buffer. */
export interface Stretch {
  readonly object: RawObject
  /** Position of the first byte in the object. */
  readonly start: number
  /** Length of the range. */
  readonly bytes: number
  /** Position of the first byte in the buffer. */
  readonly at: number
}

/** A range that could not be read, as its object could not. */
export interface NotRead {
  /** Index among the ranges that were asked for. */
  readonly index: number
  /** Reason in words. */
  readonly message: string
  /** True if the object has changed since it was listed. */
  readonly isChanged: boolean
}

/** The next decoded piece of a large object. */
export interface Decoded {
  /** The piece, or the reason why the object cannot be read further. @default the object has ended */
  readonly piece?: Piece | Unread
  /** Stored bytes that were read since the piece before. */
  readonly rawBytes: number
  /** Compression of the object; undefined if it has none. */
  readonly compression?: Compression | undefined
}

/** Settings for decoding a large object. */
export interface DecodeSettings {
  /** Approximate bytes of a decoded piece. */
  readonly shardBytes: number
  /** Treatment of an object that has changed since it was listed: `fail` the job, or `skip` the object. */
  readonly unreadable: ReadSettings['unreadable']
}

/** Reads raw objects for the whole job, in this thread or in threads of its own. */
export interface Reader {
  /** Reads ranges of objects into a buffer. Resolves, when all are read, to those that could not be read. */
  fill(stretches: readonly Stretch[], buffer: SharedArrayBuffer): Promise<readonly NotRead[]>
  /**
   * Reads and decodes a large object in another thread. Decodes each piece only when it is asked for.
   *
   * @param take provides buffers for decoded pieces
   * @default the caller decodes objects in its own thread
   */
  decode?(object: RawObject, settings: DecodeSettings, take: () => SharedArrayBuffer): AsyncGenerator<Decoded>
}

/** Makes a reader that works in this thread and reads all ranges of a call at once. */
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
