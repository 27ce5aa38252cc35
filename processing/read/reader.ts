import type { Compression, RawObject } from '../../core/manifest.ts'
import type { ReadSettings } from '../../core/read-settings.ts'
import type { Piece, Unread } from './cut-lines.ts'
import { ObjectNotRead, type Source } from './source.ts'

/** A stretch of an object, and where it belongs in a buffer. */
export interface Stretch {
  readonly object: RawObject
  /** First byte in the object. */
  readonly start: number
  readonly bytes: number
  /** First byte in the buffer. */
  readonly at: number
}

/** A stretch that cannot be had. */
export interface NotRead {
  /** Of the stretch among those that were asked for. */
  readonly index: number
  readonly message: string
  /** Whether it was another object that was listed. */
  readonly isChanged: boolean
}

/** A decoded piece of a large object. */
export interface Decoded {
  /** @default the object has no more */
  readonly piece?: Piece | Unread
  /** Raw bytes that were read since the piece before. */
  readonly rawBytes: number
  /** How the object is compressed, if it is. */
  readonly compression?: Compression | undefined
}

export interface DecodeSettings {
  /** Raw bytes of a shard: what decoded pieces are gathered to. */
  readonly shardBytes: number
  readonly unreadable: ReadSettings['unreadable']
}

/** Reads for all threads of the job, in this thread or in others. */
export interface Reader {
  /** Fills a buffer with stretches of objects. Resolves, when all others are there, to those that cannot be had. */
  fill(stretches: readonly Stretch[], buffer: SharedArrayBuffer): Promise<readonly NotRead[]>
  /**
   * Reads a large object and decodes it, a piece when it is asked for.
   *
   * @param take gives buffers for decoded pieces
   * @default it is decoded in this thread
   */
  decode?(object: RawObject, settings: DecodeSettings, take: () => SharedArrayBuffer): AsyncGenerator<Decoded>
}

/** A reader in this thread, of all stretches at once. */
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
        // A promise for each small file would cost more than to read it.
        if (later) reading.push(later)
      }
      await Promise.all(reading)
      return notRead
    },
  }
}
