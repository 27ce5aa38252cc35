/** Gives up the turn while `waiting` lasts, then waits to get it back. */
export type Rest = <T>(waiting: () => Promise<T>) => Promise<T>

/** Returns a function that runs work, at most `limit` pieces at once, the others in order of arrival. */
export function openTurns(limit: number): <T>(work: (rest: Rest) => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let free = limit

  async function take(): Promise<void> {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
  }
  function give(): void {
    // Pass the turn on, or free it.
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
