import { isRawLayout } from './raw-layout.ts'
import { settingProblem, type Setting } from './setting.ts'

/**
 * How a dataset's raw objects are found and read, and how much of them may fail. A dataset's module says it and the
 * configuration may override it; a changed setting changes no row by itself, so that it rebuilds nothing.
 */
export interface ReadSettings {
  /**
   * Patterns of the raw objects that are read, such as `*.jsonl` or `events/**`. One without a slash is held against the
   * last name of a key, one with a slash against the path below the day's prefix. What matches none is left alone.
   * @default ['*'], all
   */
  readonly rawFiles: readonly string[]
  /**
   * Where a day's raw objects lie below the raw prefix: a template with YYYY, MM and DD once each, such as
   * `dt=YYYY-MM-DD` or `year=YYYY/month=MM/day=DD`. Folders below the day, such as hours, belong to it.
   * @default 'YYYY/MM/DD'
   */
  readonly rawLayout: string
  /**
   * What becomes of a day with objects that cannot be read, wholly or to their end: archived, broken, of an unknown
   * content. `fail`: it fails by name. `skip`: it is published without them, and they are named.
   * @default 'fail'
   */
  readonly unreadable: 'fail' | 'skip'
  /**
   * From 0 to 1: a day with a larger share of rejected records fails, and its published generation stays.
   * @default 0.01
   */
  readonly maxRejectedRatio: number
  /**
   * Records, 0 or more, that any day may have rejected, whatever their share.
   * @default 3
   */
  readonly rejectedFloor: number
  /**
   * Seconds, above 0, after which a record is treated like one that killed its worker.
   * @default 60
   */
  readonly recordTimeoutSeconds: number
}

interface ReadSetting<T> extends Setting {
  readonly default: T
}

const isPattern = (value: unknown) => typeof value === 'string' && value !== '' && value.length <= 1024

/** Default and allowed values of every setting. */
export const READ_SETTINGS: { readonly [K in keyof ReadSettings]: ReadSetting<ReadSettings[K]> } = {
  rawFiles: {
    default: ['*'],
    expected: 'a list of at least one pattern such as ["*.jsonl", "events/**"]',
    isAllowed: (value) => Array.isArray(value) && value.length > 0 && value.every(isPattern),
  },
  rawLayout: {
    default: 'YYYY/MM/DD',
    expected:
      'a template of a day that has YYYY, MM and DD once each, no HH, no empty segment and no slash at either end, ' +
      'such as "YYYY/MM/DD" or "dt=YYYY-MM-DD"',
    isAllowed: isRawLayout,
  },
  unreadable: {
    default: 'fail',
    expected: '"fail" or "skip"',
    isAllowed: (value) => value === 'fail' || value === 'skip',
  },
  maxRejectedRatio: {
    default: 0.01,
    expected: 'a number from 0 to 1',
    isAllowed: (value) => typeof value === 'number' && value >= 0 && value <= 1,
  },
  rejectedFloor: {
    default: 3,
    expected: 'a whole number, 0 or more',
    isAllowed: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  },
  recordTimeoutSeconds: {
    default: 60,
    expected: 'a number of seconds above 0',
    isAllowed: (value) => typeof value === 'number' && value > 0 && value < Infinity,
  },
}

type Name = keyof ReadSettings
/** Names of all settings. */
export const READ_SETTING_NAMES = Object.keys(READ_SETTINGS) as readonly Name[]

/** The settings among what `from` holds; in the place of those that it leaves out, `others`, by default the defaults. */
export function readSettings(
  from: { readonly [K in Name]?: ReadSettings[K] | undefined },
  others?: ReadSettings,
): ReadSettings {
  const values = READ_SETTING_NAMES.map((name) => from[name] ?? others?.[name] ?? READ_SETTINGS[name].default)
  return Object.fromEntries(
    READ_SETTING_NAMES.map((name, index) => [name, values[index]]),
  ) as unknown as ReadSettings
}

export const DEFAULT_READ_SETTINGS = readSettings({})

/** What is wrong with the first setting that is not allowed; undefined: nothing. See `settingProblem`. */
export const readSettingProblem = (settings: ReadSettings) => settingProblem(READ_SETTINGS, settings)
