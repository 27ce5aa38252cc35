import { expect, it } from 'vitest'
import { DEFAULT_READ_SETTINGS, readSettingProblem, readSettings } from '../../core/read-settings.ts'

it('has defaults that are allowed', () => {
  expect(readSettingProblem(DEFAULT_READ_SETTINGS)).toBeUndefined()
})

it.each([
  ['rawFiles', [], /^rawFiles: expected a list of at least one pattern.*, found \[\]$/],
  ['rawFiles', '*.jsonl', /found "\*\.jsonl"$/],
  ['rawFiles', ['*.jsonl', ''], /found \["\*\.jsonl",""\]$/],
  [
    'rawLayout',
    'YYYY/MM',
    /^rawLayout: expected a template of a day that has .*, such as "YYYY\/MM\/DD" or .*, found "YYYY\/MM"$/,
  ],
  ['unreadable', true, /^unreadable: expected "fail" or "skip", found true$/],
  ['maxRejectedRatio', 1.5, /^maxRejectedRatio: expected a number from 0 to 1, found 1.5$/],
  ['maxRejectedRatio', '0.5', /found "0.5"$/],
  ['rejectedFloor', 1.5, /^rejectedFloor: expected a whole number, 0 or more, found 1.5$/],
  ['rejectedFloor', -1, /found -1$/],
  ['recordTimeoutSeconds', 0, /^recordTimeoutSeconds: expected a number of seconds above 0, found 0$/],
  ['recordTimeoutSeconds', Number.NaN, /found NaN$/],
  ['recordTimeoutSeconds', Infinity, /found Infinity$/],
  ['recordTimeoutSeconds', 60n, /found 60$/],
  ['rawFiles', [60n], /found \["60"\]$/],
])('refuses %s = %o with what is expected and what was found', (name, value, message) => {
  expect(readSettingProblem({ ...DEFAULT_READ_SETTINGS, [name]: value })).toMatch(message)
})

it('takes the default where nothing is said', () => {
  expect(readSettings({ rejectedFloor: 7 })).toEqual({ ...DEFAULT_READ_SETTINGS, rejectedFloor: 7 })
})

it('takes what is said first, then what the others say, then the default', () => {
  const others = { ...DEFAULT_READ_SETTINGS, rejectedFloor: 7, unreadable: 'skip' as const }
  expect(readSettings({ unreadable: 'fail', rejectedFloor: undefined }, others)).toEqual({
    ...DEFAULT_READ_SETTINGS,
    rejectedFloor: 7,
  })
})
