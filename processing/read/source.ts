import type { RawObject } from '../../core/manifest.ts'

/** Where raw bytes come from. */
export interface Source {
  /**
   * Fills `target` with the object's bytes from `start` on, at once or later.
   *
   * @throws ObjectNotRead when this object cannot be had, or is not the one that was listed any more
   */
  read(object: RawObject, start: number, target: Uint8Array): Promise<void> | void
}

/** An object that cannot be had, while others can. */
export class ObjectNotRead extends Error {
  /** Whether it was another object that was listed: the next run reads what is there then. */
  readonly isChanged: boolean

  constructor(message: string, { isChanged = false, cause }: { isChanged?: boolean; cause?: unknown } = {}) {
    super(message, { cause })
    this.isChanged = isChanged
  }
}
