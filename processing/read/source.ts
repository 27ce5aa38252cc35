import type { RawObject } from '../../core/manifest.ts'

/** A source of raw bytes. */
export interface Source {
  /**
   * Fills `target` with the object's bytes from `start` on, at once or later.
   *
   * @throws ObjectNotRead if the object cannot be read, or changed since it was listed
   */
  read(object: RawObject, start: number, target: Uint8Array): Promise<void> | void
}

/** Thrown for an object that cannot be read, while others can. */
export class ObjectNotRead extends Error {
  /** True if the object changed since it was listed: the next run reads it as it is then. */
  readonly isChanged: boolean

  constructor(message: string, { isChanged = false, cause }: { isChanged?: boolean; cause?: unknown } = {}) {
    super(message, { cause })
    this.isChanged = isChanged
  }
}
