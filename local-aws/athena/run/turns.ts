/** Runs at most `limit` pieces of work at once, the others in the order in which they came. */
export function openTurns(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let free = limit
  return async (work) => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      // A turn is handed on, or comes free.
      const next = waiting.shift()
      if (next) next()
      else free += 1
    }
  }
}
