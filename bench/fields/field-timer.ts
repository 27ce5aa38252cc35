const milliseconds = new Map<string, number>()

/** Runs `work` and adds its time to a field. */
export function timed<T>(field: string, work: () => T): T {
  const begun = performance.now()
  try {
    return work()
  } finally {
    milliseconds.set(field, (milliseconds.get(field) ?? 0) + performance.now() - begun)
  }
}

/** Returns the milliseconds of each field since the last call. */
export function takeMilliseconds(): Map<string, number> {
  const taken = new Map(milliseconds)
  milliseconds.clear()
  return taken
}
