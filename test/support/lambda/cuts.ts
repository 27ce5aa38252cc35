import { cases } from '../cases.ts'

export interface CutOptions {
  /** Number of first writes that are all cut. @default 0 */
  readonly whole?: number
  /** Writes between one cut and the next. @default 12 */
  readonly stride?: number
}

/**
 * Emits the numbers of the writes at which somebody dies or sleeps, without end: every twelfth, or all with `npm run
 * test:cuts`.
 *
 * @param story number of the story within its file: neighbours are cut at different writes
 */
export function* cuts(story = 0, { whole = 0, stride = 12 }: CutOptions = {}): Generator<number, never> {
  for (let k = 1; ; k++) if (k <= whole || (k - 1 - story) % cases(stride, 1) === 0) yield k
}
