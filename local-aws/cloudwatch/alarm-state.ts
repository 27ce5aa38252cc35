/** State of an alarm, in CloudWatch's words; INSUFFICIENT_DATA until the first evaluation. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'

/**
 * CloudWatch's `TreatMissingData`: how an alarm counts periods without data. `ignore` keeps the current state;
 * `missing` may lead to INSUFFICIENT_DATA.
 */
export type MissingData = 'breaching' | 'notBreaching' | 'ignore' | 'missing'

/** Settings by which an alarm derives its state from the periods in which its metric breached the threshold. */
export interface AlarmRule {
  /** Number of newest periods that are evaluated: N of AWS's "M out of N", at least 1. */
  readonly evaluationPeriods: number
  /** Number of breaching periods that raise the alarm: M of AWS's "M out of N", from 1 to `evaluationPeriods`. */
  readonly datapointsToAlarm: number
  readonly missingData: MissingData
}

/**
 * Number of periods that CloudWatch looks at beyond the evaluated ones, after the tables of its guide; it promises no
 * number.
 */
const FURTHER_PERIODS = 2

/**
 * Returns the number of newest periods whose data an alarm needs. It is more than `evaluationPeriods`: older data can
 * stand in for missing data.
 */
export const periodsLookedAt = ({ evaluationPeriods }: AlarmRule) => evaluationPeriods + FURTHER_PERIODS

/**
 * Returns the new state of an alarm. Periods without data are skipped in favour of older ones; `missingData` decides
 * only if all given periods together have data for fewer than `evaluationPeriods`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 *
 * @param periods newest first: true for a period that breaches the threshold, undefined for a period without data
 * @param current the state before this evaluation
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
