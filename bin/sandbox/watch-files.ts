import { statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** Files are looked at so often: a notice of the system's gets lost when an editor puts a new file in the old one's place. */
const LOOK_MILLISECONDS = 300

/**
 * Runs `work` again whenever a file changes of those that its last run returned, until the signal aborts. Files of
 * earlier runs are looked at too: the one that failed may not know them all.
 */
export async function watchFiles(signal: AbortSignal, work: () => Promise<readonly string[]>): Promise<void> {
  const known = new Map<string, string>()
  while (!signal.aborted) {
    const since = Date.now()
    const begun = new Map([...known.keys()].map((file) => [file, stateOf(file)]))
    for (const file of await work()) begun.set(file, begun.get(file) ?? stateOf(file, since))
    for (const [file, state] of begun) known.set(file, state)
    const hasChanged = () => [...known].some(([file, state]) => stateOf(file) !== state)
    while (!signal.aborted && !hasChanged())
      await sleep(LOOK_MILLISECONDS, undefined, { signal }).catch(() => undefined)
  }
}

/** @param since what changed later was not there as it is now */
function stateOf(file: string, since = Number.POSITIVE_INFINITY): string {
  const stats = statSync(file, { throwIfNoEntry: false })
  if (!stats) return 'none'
  return stats.mtimeMs > since ? 'changed' : `${stats.mtimeMs} ${stats.size} ${stats.ino}`
}
