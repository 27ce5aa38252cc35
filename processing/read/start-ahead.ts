/** Work in progress, and the bytes that it holds until it is taken. */
export interface Started<T> {
  readonly work: T
  readonly bytes: number
}

/**
 * Starts items in their order, as many at once as `aheadBytes` have room for, but at least one. Emits the started work
 * in the same order; each holds its bytes until the next is asked for.
 *
 * @param abandon gets the work that nobody will take
 */
export function* startAhead<I, T>(
  items: Iterator<I>,
  aheadBytes: number,
  start: (item: I) => Started<T>,
  abandon: (work: T) => void = () => {},
): Generator<T> {
  const started: Started<T>[] = []
  let held = 0
  try {
    for (let isPlanned = true; ;) {
      while (isPlanned && (held < aheadBytes || started.length === 0)) {
        const next = items.next()
        if (next.done) isPlanned = false
        else {
          const upcoming = start(next.value)
          started.push(upcoming)
          held += upcoming.bytes
        }
      }
      const [first] = started
      if (!first) return
      yield first.work
      started.shift()
      held -= first.bytes
    }
  } finally {
    for (const { work } of started) abandon(work)
  }
}
