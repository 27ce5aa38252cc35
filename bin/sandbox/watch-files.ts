import { statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Milliseconds between two looks at the files. They are polled, because a system's notification is lost if an editor
 * replaces a file.
 */
const LOOK_MILLISECONDS = 300

/**
 * Runs `work`, and again whenever one of the files has changed that it returned, until the signal aborts. Files of
 * earlier runs are watched too, because a failed run may not know all of its files.
 *
 * @param work returns paths of files
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

/**
 * Returns a text that differs after each change of the file.
 *
 * @param since milliseconds since 1970; a file modified later counts as changed
 */
function stateOf(file: string, since = Number.POSITIVE_INFINITY): string {
  const stats = statSync(file, { throwIfNoEntry: false })
  if (!stats) return 'none'
  return stats.mtimeMs > since ? 'changed' : `${stats.mtimeMs} ${stats.size} ${stats.ino}`
}
