import type { WorkKind } from './work-kind.ts'

/** What a mode means, to people and to the code. */
interface ModeMeaning {
  /** The days that it works on, for the README and the command line. */
  readonly days: string
  /** Whether it looks only at days whose last attempt has failed. */
  readonly isForFailed: boolean
  /** Whether a day whose raw files and feature code are the published ones needs no further look. */
  readonly passesUnchanged: boolean
  /** Whether a day that would fail as it did before is left alone. */
  readonly leavesStuck: boolean
  /** Whether it takes on days that are outstanding, whatever days were asked for. */
  readonly takesOutstanding: boolean
  /** What is noted of a day that fails before it is decided what it needs. */
  readonly kindOfUndecided: WorkKind
}

/** How an execution chooses among the days that it covers, and what it does with them. */
export const MODES = {
  changed: {
    days: 'days whose raw files or feature code changed',
    isForFailed: false,
    passesUnchanged: true,
    leavesStuck: true,
    takesOutstanding: true,
    kindOfUndecided: 'extend',
  },
  failed: {
    days: 'days whose last attempt failed',
    isForFailed: true,
    passesUnchanged: false,
    leavesStuck: false,
    takesOutstanding: false,
    kindOfUndecided: 'extend',
  },
  rebuild: {
    days: 'all again',
    isForFailed: false,
    passesUnchanged: false,
    leavesStuck: false,
    takesOutstanding: false,
    kindOfUndecided: 'rebuild',
  },
  accept: {
    days: 'days whose last attempt failed, which are accepted as they are',
    isForFailed: true,
    passesUnchanged: false,
    leavesStuck: false,
    takesOutstanding: false,
    kindOfUndecided: 'extend',
  },
} as const satisfies Record<string, ModeMeaning>

/**
 * What an item of the Map says that is there only because its day is not at home. No execution can ask for it.
 */
export const TEND = 'tend'

export type Mode = keyof typeof MODES
/** The mode that works on nothing. */
export const ACCEPT = 'accept' satisfies Mode
export const MODE_NAMES = Object.keys(MODES) as Mode[]
/** The mode of an execution that names none. */
export const DEFAULT_MODE: Mode = 'changed'

/** All modes with the days that they work on, in one line. */
export function describeModes(named: (mode: Mode) => string = (mode) => mode): string {
  return MODE_NAMES.map((mode) => `${named(mode)}: ${MODES[mode].days}`).join('; ')
}
