/** Work that has been started, and the bytes that it holds until the next work is taken. */
export interface Started<T> {
  readonly work: T
  /** Bytes of memory that it holds. */
  readonly bytes: number
}

/**
 * Starts work for items before it is asked for: as many as `aheadBytes` has room for, but at least one. Emits the
 * started work in the order of the items. Each work holds its bytes until the next is asked for.
 *
 * @param abandon called with started work that is not taken because the caller stops
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
