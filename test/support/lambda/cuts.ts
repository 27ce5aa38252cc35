/** Writes between two cuts of one story; the stories of a file begin at different ones. */
const STRIDE = process.env['DAYFOLD_CUTS'] === 'all' ? 1 : 3

/**
 * The writes at which somebody dies or sleeps, from the first on and without end: every third, or all of them with
 * `npm run test:cuts`.
 *
 * @param story number of the story within its file: neighbours are cut at different writes
 */
export function* cuts(story = 0): Generator<number, never> {
  for (let k = 1 + (story % STRIDE); ; k += STRIDE) yield k
}
