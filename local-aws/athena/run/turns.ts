/** Lets others have the turn while `waiting` lasts; it goes on when it has the turn again. */
export type Rest = <T>(waiting: () => Promise<T>) => Promise<T>

/** Runs at most `limit` pieces of work at once, the others in the order in which they came. */
export function openTurns(limit: number): <T>(work: (rest: Rest) => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let free = limit

  async function take(): Promise<void> {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
  }
  function give(): void {
    // A turn is handed on, or comes free.
    const next = waiting.shift()
    if (next) next()
    else free += 1
  }
  const rest: Rest = async (wait) => {
    give()
    try {
      return await wait()
    } finally {
      await take()
    }
  }

  return async (work) => {
    await take()
    try {
      return await work(rest)
    } finally {
      give()
    }
  }
}
