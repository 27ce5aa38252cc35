import { advancingClock, type AdvancingClock } from '../clock.ts'
import { readJsonFileSync, writeJsonFileSync, type DocumentKind } from './json-file.ts'
import { homePaths } from './paths.ts'

interface StoredClock {
  /** Milliseconds by which the home's clock is ahead of this machine's. */
  readonly ahead: number
}

const KIND: DocumentKind = {
  what: 'how far the clock of this home is ahead',
  members: ['ahead'],
  remedy: 'Delete it: the clock is then that of this machine.',
}

/**
 * Opens the clock of a home, which can be made to jump ahead. Each jump is stored in the home before it happens, so a
 * later process continues with the same advance and never dates a file before an older one.
 *
 * @throws LocalAwsError CorruptState if its file cannot be read
 */
export function openHomeClock(home: string): AdvancingClock {
  const path = homePaths(home).clock
  const ahead = readJsonFileSync<StoredClock>(path, KIND)?.ahead ?? 0
  const onAdvance = (ahead: number) => {
    writeJsonFileSync(path, { ahead } satisfies StoredClock)
  }
  return advancingClock({ ahead, onAdvance })
}
