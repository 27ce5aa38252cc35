import type { RawObject } from '../../core/manifest.ts'
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

/** Reads for all threads of the job, in this thread or in others. */
export interface Reader {
  /** Fills a buffer with stretches of objects. Resolves, when all others are there, to those that cannot be had. */
  fill(stretches: readonly Stretch[], buffer: SharedArrayBuffer): Promise<readonly NotRead[]>
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
