import type { DayStatus } from '../../core/messages.ts'

/** How a state is shown: by a letter and a colour, so that the colour alone never carries the meaning. */
interface StateLook {
  readonly letter: string
  /** Selects the colour. */
  readonly tone: 'good' | 'calm' | 'watch' | 'bad'
  /** Meaning, for the legend. */
  readonly words: string
}

/** Letter, colour and legend of each state of a dataset-day, in the order of the legend. */
export const STATE_LOOKS: Readonly<Record<DayStatus, StateLook>> = {
  published: { letter: 'P', tone: 'good', words: 'published' },
  unchanged: { letter: '=', tone: 'calm', words: 'unchanged: nothing to do' },
  empty: { letter: '0', tone: 'calm', words: 'empty: no raw files' },
  busy: { letter: 'B', tone: 'watch', words: 'busy with another execution' },
  'not-failed': { letter: '-', tone: 'calm', words: 'without a failed attempt' },
  planned: { letter: 'W', tone: 'watch', words: 'would be worked on' },
  tended: { letter: 'T', tone: 'calm', words: 'tended: closer to its home' },
  failed: { letter: 'F', tone: 'bad', words: 'failed' },
  stuck: { letter: 'S', tone: 'bad', words: 'stuck: would fail as it did' },
  superseded: { letter: 'R', tone: 'bad', words: 'left for another release' },
  accepted: { letter: 'A', tone: 'watch', words: 'accepted as it failed' },
}
