import type { RawObject } from '../../core/manifest.ts'

/** Where raw bytes come from. */
export interface Source {
  /**
   * Fills `target` with the object's bytes from `start` on, at once or later.
   *
   * @throws DayfoldError RawObjectChanged when the object is not the one that was listed any more
   */
  read(object: RawObject, start: number, target: Uint8Array): Promise<void> | void
}
