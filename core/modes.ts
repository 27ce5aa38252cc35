import type { WorkKind } from './work-kind.ts'

/** Meaning of a mode, for people and for the code. */
interface ModeMeaning {
  /** Days that the mode works on, for the README and the command line. */
  readonly days: string
  /** True if it only looks at days whose last attempt failed. */
  readonly isForFailed: boolean
  /** True if a day is done with when its raw files and feature code are the published ones. */
  readonly passesUnchanged: boolean
  /** True if it leaves days alone that would fail as before. */
  readonly leavesStuck: boolean
  /** True if it adds outstanding days to those that were asked for. */
  readonly takesOutstanding: boolean
  /** Kind of work to record for a day that fails before PlanDay has decided. */
  readonly kindOfUndecided: WorkKind
}

/** Modes of an execution: which of the days in its input it works on, and how. */
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
 * Mode of a Map item whose day is not worked on, only tended: moved from a replacement folder back to its ordinary one,
 * or rid of folders that it has left. No execution can ask for it.
 */
export const TEND = 'tend'

/** Name of a mode, as an execution's input states it. */
export type Mode = keyof typeof MODES
/** The mode that works on no day: it records that a person accepts the failure. */
export const ACCEPT = 'accept' satisfies Mode
/** Names of all modes, in the order in which messages list them. */
export const MODE_NAMES = Object.keys(MODES) as Mode[]
/** Mode of an execution whose input names none. */
export const DEFAULT_MODE: Mode = 'changed'

/**
 * Describes all modes and their days in one line, for help texts.
 *
 * @param named formats a mode's name; by default as it is
 */
export function describeModes(named: (mode: Mode) => string = (mode) => mode): string {
  return MODE_NAMES.map((mode) => `${named(mode)}: ${MODES[mode].days}`).join('; ')
}
