import { advancingClock, type AdvancingClock } from '../clock.ts'
import { readJsonFileSync, writeJsonFileSync, type DocumentKind } from './json-file.ts'
import { homePaths } from './paths.ts'

interface StoredClock {
  /** Milliseconds. */
  readonly ahead: number
}

const KIND: DocumentKind = {
  what: 'how far the clock of this home is ahead',
  members: ['ahead'],
  remedy: 'Delete it: the clock is then that of this machine.',
}

/**
 * The clock of a home. How far it was made to jump outlives the process, so that what was written then is older than
 * what is written now.
 *
 * @throws LocalAwsError CorruptState
 */
export function openHomeClock(home: string): AdvancingClock {
  const path = homePaths(home).clock
  const ahead = readJsonFileSync<StoredClock>(path, KIND)?.ahead ?? 0
  const onAdvance = (ahead: number) => {
    writeJsonFileSync(path, { ahead } satisfies StoredClock)
  }
  return advancingClock({ ahead, onAdvance })
}
