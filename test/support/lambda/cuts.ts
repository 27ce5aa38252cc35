const ALL = process.env['DAYFOLD_CUTS'] === 'all'

export interface CutOptions {
  /** Number of first writes that are all cut. @default 0 */
  readonly whole?: number
  /** Writes between one cut and the next. @default 5 */
  readonly stride?: number
}

/**
 * Emits the numbers of the writes at which somebody dies or sleeps, without end: every fifth, or all with `npm run
 * test:cuts`.
 *
 * @param story number of the story within its file: neighbours are cut at different writes
 */
export function* cuts(story = 0, { whole = 0, stride = 5 }: CutOptions = {}): Generator<number, never> {
  for (let k = 1; ; k++) if (ALL || k <= whole || (k - 1 - story) % stride === 0) yield k
}
