import type { RawObject } from '../../core/manifest.ts'

/** Provides the bytes of raw objects, from S3 or from local files. */
export interface Source {
  /**
   * Fills `target` with the object's bytes from position `start` on, before it returns or before its promise resolves.
   *
   * @throws ObjectNotRead if the object cannot be read, or has changed since it was listed
   */
  read(object: RawObject, start: number, target: Uint8Array): Promise<void> | void
}

/** Thrown for a raw object that cannot be read, while others can. */
export class ObjectNotRead extends Error {
  /** True if the object has changed since it was listed. The next execution reads it as it is then. */
  readonly isChanged: boolean

  constructor(message: string, { isChanged = false, cause }: { isChanged?: boolean; cause?: unknown } = {}) {
    super(message, { cause })
    this.isChanged = isChanged
  }
}
