export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'

/** What an alarm makes of periods without data. */
export type MissingData = 'breaching' | 'notBreaching' | 'ignore' | 'missing'

export interface AlarmRule {
  readonly evaluationPeriods: number
  /** At most `evaluationPeriods`. */
  readonly datapointsToAlarm: number
  readonly missingData: MissingData
}

/**
 * Periods that CloudWatch looks at, beyond those that it evaluates, in the tables of its guide; it promises no number.
 */
const FURTHER_PERIODS = 2

/** How many of the newest periods an alarm looks at. */
export const periodsLookedAt = ({ evaluationPeriods }: AlarmRule) => evaluationPeriods + FURTHER_PERIODS

/**
 * The state of an alarm. Data that is missing is filled in only where there is too little in all periods looked at.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 *
 * @param periods whether each period breaches, the newest first; undefined: it has no data
 * @param current the state until now
 */
export function alarmState(
  periods: readonly (boolean | undefined)[],
  rule: AlarmRule,
  current: AlarmState,
): AlarmState {
  const { evaluationPeriods, datapointsToAlarm, missingData } = rule
  const existing = periods.filter((period) => period !== undefined).slice(0, evaluationPeriods)
  const breaching = existing.filter((isBreaching) => isBreaching).length
  const isFull = existing.length === evaluationPeriods
  const filled = isFull || missingData !== 'breaching' ? 0 : evaluationPeriods - existing.length
  if (breaching + filled >= datapointsToAlarm) return 'ALARM'
  if (isFull || missingData === 'breaching' || missingData === 'notBreaching') return 'OK'
  if (existing.includes(false)) return 'OK'
  if (missingData === 'ignore') return current
  // Nothing but breaching data, which is as old as what an alarm needs: it does not wait for more.
  const oldest = periods.lastIndexOf(true)
  return oldest + 1 >= datapointsToAlarm ? 'ALARM' : 'INSUFFICIENT_DATA'
}
