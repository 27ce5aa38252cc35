import { LocalAwsError } from '../errors.ts'
import {
  alarmState,
  periodsLookedAt,
  type AlarmRule,
  type AlarmState,
  type MissingData,
} from './alarm-state.ts'
import type { MetricId, MetricStore } from './metrics.ts'

/** Properties of an `AWS::CloudWatch::Alarm` of a template, with references resolved. */
export type AlarmDeclaration = Readonly<Record<string, unknown>> & { readonly AlarmName: string }

/** A change of an alarm's state. */
export interface AlarmChange {
  /** Name of the alarm. */
  readonly alarm: string
  readonly from: AlarmState
  readonly to: AlarmState
  /** ARNs of the actions that AWS would take for the new state, such as SNS topics; nothing takes them here. */
  readonly actions: readonly string[]
}

/** Alarms of a deployment and their current states. They are evaluated only by a call of `evaluate`, not by a timer. */
export interface Alarms {
  /** Names of all alarms, in the order of their declarations. */
  readonly names: readonly string[]
  /**
   * Returns the state as of the last evaluation.
   *
   * @throws LocalAwsError NotImplemented for an alarm that does not exist
   */
  stateOf(name: string): AlarmState
  /**
   * Evaluates every alarm on the periods that end at `now`, as CloudWatch does each minute. Returns the alarms whose
   * state has changed.
   *
   * @param now milliseconds since 1970
   */
  evaluate(now: number): AlarmChange[]
}

interface Alarm extends AlarmRule {
  readonly name: string
  readonly metric: MetricId
  readonly periodMs: number
  readonly statistic: (values: readonly number[]) => number
  readonly isBreaching: (value: number) => boolean
  readonly actions: Readonly<Record<AlarmState, readonly string[]>>
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
const STATISTICS: Readonly<Record<string, Alarm['statistic']>> = {
  Sum: sum,
  Minimum: (values) => Math.min(...values),
  Maximum: (values) => Math.max(...values),
  Average: (values) => sum(values) / values.length,
  SampleCount: (values) => values.length,
}
const COMPARISONS: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
}
const MISSING_DATA: readonly string[] = [
  'breaching',
  'notBreaching',
  'ignore',
  'missing',
] satisfies MissingData[]
/** Properties that do not affect the state. */
const SILENT: readonly string[] = ['AlarmDescription', 'Tags', 'Unit']

/**
 * Creates the alarms of a deployment, which read their metrics from `metrics`. Each starts in the state
 * INSUFFICIENT_DATA. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 *
 * @throws LocalAwsError NotImplemented for a property, or a value of one, that is not evaluated here
 */
export function startAlarms(declarations: readonly AlarmDeclaration[], metrics: MetricStore): Alarms {
  const alarms = declarations.map(alarmOf)
  const states = new Map<string, AlarmState>(alarms.map(({ name }) => [name, 'INSUFFICIENT_DATA']))
  function stateOf(name: string): AlarmState {
    const state = states.get(name)
    if (state !== undefined) return state
    throw notImplemented('Alarm', `one of ${[...states.keys()].join(', ')}`, name)
  }
  return {
    names: alarms.map(({ name }) => name),
    stateOf,
    evaluate: (now) =>
      alarms.flatMap((alarm) => {
        const from = stateOf(alarm.name)
        const to = alarmState(periodsOf(alarm, metrics, now), alarm, from)
        states.set(alarm.name, to)
        return from === to ? [] : [{ alarm: alarm.name, from, to, actions: alarm.actions[to] }]
      }),
  }
}

/** Returns for each of the newest periods, newest first, true if it breaches; undefined if it has no data. */
function periodsOf(alarm: Alarm, metrics: MetricStore, now: number): (boolean | undefined)[] {
  const { metric, periodMs, statistic, isBreaching } = alarm
  return Array.from({ length: periodsLookedAt(alarm) }, (_, index) => {
    const end = now - index * periodMs
    const values = metrics.values(metric, end - periodMs, end)
    return values.length === 0 ? undefined : isBreaching(statistic(values))
  })
}

function alarmOf(declaration: AlarmDeclaration): Alarm {
  const { AlarmName: name, ...properties } = declaration
  const left = new Map(Object.entries(properties).filter(([property]) => !SILENT.includes(property)))
  const take = (property: string) => {
    const value = left.get(property)
    left.delete(property)
    return value
  }
  const oneOf = <T>(property: string, values: Readonly<Record<string, T>>): T => {
    const value = String(take(property))
    if (Object.hasOwn(values, value)) return values[value]!
    throw notImplemented(`${name}/${property}`, `one of ${Object.keys(values).join(', ')}`, value)
  }
  const list = (property: string) => (take(property) ?? []) as readonly string[]
  const dimensions = (take('Dimensions') ?? []) as readonly {
    readonly Name: string
    readonly Value: string
  }[]
  const threshold = Number(take('Threshold'))
  const compare = oneOf('ComparisonOperator', COMPARISONS)
  const evaluationPeriods = Number(take('EvaluationPeriods'))
  const missing = Object.fromEntries(MISSING_DATA.map((value) => [value, value as MissingData]))
  if (!left.has('TreatMissingData')) left.set('TreatMissingData', 'missing')
  const alarm: Alarm = {
    name,
    metric: {
      namespace: String(take('Namespace')),
      name: String(take('MetricName')),
      dimensions: Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value])),
    },
    periodMs: Number(take('Period')) * 1000,
    statistic: oneOf('Statistic', STATISTICS),
    isBreaching: (value) => compare(value, threshold),
    evaluationPeriods,
    datapointsToAlarm: Number(take('DatapointsToAlarm') ?? evaluationPeriods),
    missingData: oneOf('TreatMissingData', missing),
    actions: {
      ALARM: list('AlarmActions'),
      OK: list('OKActions'),
      INSUFFICIENT_DATA: list('InsufficientDataActions'),
    },
  }
  const [other] = left.keys()
  if (other !== undefined) throw notImplemented(name, 'an alarm on one metric with a threshold', other)
  return alarm
}

function notImplemented(subject: string, expected: string, found: string): LocalAwsError {
  return new LocalAwsError('NotImplemented', `${subject}: expected ${expected}, found ${found}.`)
}
