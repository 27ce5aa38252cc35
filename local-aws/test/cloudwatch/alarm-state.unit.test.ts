import { expect, test } from 'vitest'
import { alarmState, type AlarmState, type MissingData } from '../../cloudwatch/alarm-state.ts'

/** Parses periods as the guide draws them: oldest first, `0` within the threshold, `X` beyond it, `-` without data. */
const periods = (drawn: string) =>
  [...drawn.replaceAll(' ', '')].reverse().map((period) => (period === '-' ? undefined : period === 'X'))

const KINDS: readonly MissingData[] = ['missing', 'ignore', 'breaching', 'notBreaching']
const STATES = { OK: 'OK', ALARM: 'ALARM', none: 'INSUFFICIENT_DATA', retain: 'retain' } as const
type Expected = keyof typeof STATES

// Tables from https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
const THREE_OF_THREE: [string, Expected, Expected, Expected, Expected][] = [
  ['0 - X - X', 'OK', 'OK', 'OK', 'OK'],
  ['0 - - - -', 'OK', 'OK', 'OK', 'OK'],
  ['- - - - -', 'none', 'retain', 'ALARM', 'OK'],
  ['0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['- - - - X', 'none', 'retain', 'ALARM', 'OK'],
  ['X - - - -', 'ALARM', 'retain', 'ALARM', 'OK'],
]
const TWO_OF_THREE: typeof THREE_OF_THREE = [
  ['0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
  ['- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
  ['- - - - X', 'none', 'retain', 'ALARM', 'OK'],
]
const cases = [
  ...THREE_OF_THREE.map((row) => [3, ...row] as const),
  ...TWO_OF_THREE.map((row) => [2, ...row] as const),
]

test.each(cases)('%s of 3, %s', (datapointsToAlarm, drawn, ...expected) => {
  for (const current of ['OK', 'ALARM', 'INSUFFICIENT_DATA'] satisfies AlarmState[]) {
    const states = KINDS.map((missingData) =>
      alarmState(periods(drawn), { evaluationPeriods: 3, datapointsToAlarm, missingData }, current),
    )
    expect(states).toEqual(expected.map((state) => (state === 'retain' ? current : STATES[state])))
  }
})
