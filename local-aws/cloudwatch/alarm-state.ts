/** State of an alarm, in CloudWatch's words; INSUFFICIENT_DATA at first. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'

/** How an alarm treats periods without data (`TreatMissingData`). */
export type MissingData = 'breaching' | 'notBreaching' | 'ignore' | 'missing'

/** The part of an alarm that decides its state, given which periods breach its threshold. */
export interface AlarmRule {
  /** Number of newest periods that are evaluated, M in AWS's "N out of M". */
  readonly evaluationPeriods: number
  /** Number of breaching periods that raise the alarm; at most `evaluationPeriods`. */
  readonly datapointsToAlarm: number
  readonly missingData: MissingData
}

/**
 * Number of periods that CloudWatch looks at beyond the evaluated ones, after the tables of its guide; it promises no
 * number.
 */
const FURTHER_PERIODS = 2

/** Returns the number of newest periods that an alarm looks at. */
export const periodsLookedAt = ({ evaluationPeriods }: AlarmRule) => evaluationPeriods + FURTHER_PERIODS

/**
 * Decides the state of an alarm. Missing data is filled in only if all periods looked at together hold too little.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 *
 * @param periods true for each period that breaches, newest first; undefined for one without data
 * @param current the state so far
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
  // All data there is breaches and is at least as old as an alarm needs: do not wait for more.
  const oldest = periods.lastIndexOf(true)
  return oldest + 1 >= datapointsToAlarm ? 'ALARM' : 'INSUFFICIENT_DATA'
}
