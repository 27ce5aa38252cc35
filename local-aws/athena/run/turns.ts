/**
 * Lets other work run during a wait: gives up this work's turn, waits for `waiting`, then waits until it has a turn
 * again.
 */
export type Rest = <T>(waiting: () => Promise<T>) => Promise<T>

/**
 * Returns a function that runs work in turns: at most `limit` calls at the same time, the others wait in order of
 * arrival. It resolves or rejects as the work does.
 */
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
