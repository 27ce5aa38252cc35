import { isRawLayout } from './raw-layout.ts'
import { settingProblem, type Setting } from './setting.ts'

/**
 * Settings for finding and reading a dataset's raw objects, and limits for failures among them. The dataset's module
 * sets them, the configuration may override them. Changing one rebuilds nothing.
 */
export interface ReadSettings {
  /**
   * Patterns of the raw objects to read, such as `*.jsonl` or `events/**`. A pattern without a slash is matched against
   * the last name of a key, one with a slash against the path below the day's prefix. Objects that match none are left
   * alone.
   * @default ['*'], all
   */
  readonly rawFiles: readonly string[]
  /**
   * Template of a day's folder below the raw prefix, with YYYY, MM and DD once each, such as `dt=YYYY-MM-DD` or
   * `year=YYYY/month=MM/day=DD`. Folders below the day, such as hours, belong to it.
   * @default 'YYYY/MM/DD'
   */
  readonly rawLayout: string
  /**
   * Treatment of a day with objects that cannot be read to their end, because they are archived, broken or of unknown
   * content. `fail`: the day fails and names them. `skip`: it is published without them, and the manifest counts them.
   * @default 'fail'
   */
  readonly unreadable: 'fail' | 'skip'
  /**
   * Largest share of rejected records, and of rejected bytes, from 0 to 1. A day above it fails, and its published
   * generation stays.
   * @default 0.01
   */
  readonly maxRejectedRatio: number
  /**
   * Number of records, 0 or more, that any day may have rejected whatever their share.
   * @default 3
   */
  readonly rejectedFloor: number
  /**
   * Seconds, above 0, after which a record counts as one that killed its worker.
   * @default 60
   */
  readonly recordTimeoutSeconds: number
}

interface ReadSetting<T> extends Setting {
  readonly default: T
}

const isPattern = (value: unknown) => typeof value === 'string' && value !== '' && value.length <= 1024

/** Default and allowed values of each of the {@link ReadSettings}. */
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
/** Names of all {@link ReadSettings}. */
export const READ_SETTING_NAMES = Object.keys(READ_SETTINGS) as readonly Name[]

/** Returns complete read settings: each is taken from `from`, else from `others`, else it is the default. */
export function readSettings(
  from: { readonly [K in Name]?: ReadSettings[K] | undefined },
  others?: ReadSettings,
): ReadSettings {
  const values = READ_SETTING_NAMES.map((name) => from[name] ?? others?.[name] ?? READ_SETTINGS[name].default)
  return Object.fromEntries(
    READ_SETTING_NAMES.map((name, index) => [name, values[index]]),
  ) as unknown as ReadSettings
}

/** Read settings of a dataset that sets none. */
export const DEFAULT_READ_SETTINGS = readSettings({})

/**
 * Describes the first read setting whose value is not allowed, as `name: expected …, found …`; undefined if all are
 * allowed.
 */
export const readSettingProblem = (settings: ReadSettings) => settingProblem(READ_SETTINGS, settings)
