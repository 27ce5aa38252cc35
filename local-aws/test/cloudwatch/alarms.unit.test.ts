import { describe, expect, test } from 'vitest'
import { startAlarms, type AlarmDeclaration } from '../../cloudwatch/alarms.ts'
import { metricStore } from '../../cloudwatch/metrics.ts'

const METRIC = { namespace: 'Shop', name: 'Queue', dimensions: { Shop: 'north' } }
const MINUTE = 60_000
const DECLARED: AlarmDeclaration = {
  AlarmName: 'long-queue',
  AlarmDescription: 'People wait.',
  Namespace: 'Shop',
  MetricName: 'Queue',
  Dimensions: [{ Name: 'Shop', Value: 'north' }],
  Statistic: 'Maximum',
  Period: 300,
  EvaluationPeriods: 1,
  ComparisonOperator: 'GreaterThanThreshold',
  Threshold: 3,
  TreatMissingData: 'ignore',
  AlarmActions: ['bell'],
  OKActions: ['whistle'],
}
const line = (fields: object, dimensions: string[][] = [['Shop']]) =>
  JSON.stringify({
    _aws: {
      Timestamp: MINUTE,
      CloudWatchMetrics: [{ Namespace: 'Shop', Dimensions: dimensions, Metrics: [{ Name: 'Queue' }] }],
    },
    ...fields,
  })

describe('a metric', () => {
  const told = (text: string, dimensions = METRIC.dimensions) => {
    const metrics = metricStore()
    metrics.takeLine(text)
    return metrics.values({ ...METRIC, dimensions }, 0, MINUTE)
  }

  test('is told by a line of a log, with each set of its dimensions', () => {
    expect(told(line({ Shop: 'north', Queue: 4 }))).toEqual([4])
    expect(told(line({ Shop: 'north', Queue: [4, 5] }))).toEqual([4, 5])
    expect(told(line({ Shop: 'south', Queue: 4 }))).toEqual([])
    const both = line({ Shop: 'north', Door: 'back', Queue: 4 }, [['Shop', 'Door'], ['Shop']])
    expect(told(both)).toEqual([4])
    expect(told(both, { Door: 'back', Shop: 'north' } as never)).toEqual([4])
  })

  test.each([
    ['lacks a dimension', line({ Queue: 4 })],
    ['has no value', line({ Shop: 'north' })],
    ['has text as its value', line({ Shop: 'north', Queue: '4' })],
    ['is another', '{"message":"_aws"}'],
    ['is cut off', line({ Shop: 'north', Queue: 4 }).slice(0, -1)],
    ['is no JSON', 'START RequestId "_aws"'],
  ])('is not told by a line that %s', (_, text) => {
    expect(told(text)).toEqual([])
  })

  test('is counted once, however often it is told', () => {
    const metrics = metricStore()
    for (const Queue of [1, 2]) metrics.takeLine(line({ Shop: 'north', Queue }))
    expect(metrics.metrics()).toEqual([METRIC])
  })
})

describe('an alarm', () => {
  test('begins without data in silence, and tells of each change whoever wants to know', () => {
    const metrics = metricStore()
    const alarms = startAlarms([DECLARED], metrics)
    expect(alarms.evaluate(0)).toEqual([])
    expect(alarms.stateOf('long-queue')).toBe('INSUFFICIENT_DATA')
    metrics.put(METRIC, 4, MINUTE)
    const change = { alarm: 'long-queue', from: 'INSUFFICIENT_DATA', to: 'ALARM', actions: ['bell'] }
    expect(alarms.evaluate(MINUTE)).toEqual([change])
    expect(alarms.evaluate(2 * MINUTE)).toEqual([])
    metrics.put(METRIC, 3, 20 * MINUTE)
    expect(alarms.evaluate(20 * MINUTE)).toEqual([
      { alarm: 'long-queue', from: 'ALARM', to: 'OK', actions: ['whistle'] },
    ])
  })

  test('takes the newest period that has data, and its statistic', () => {
    const metrics = metricStore()
    const alarms = startAlarms([DECLARED, { ...DECLARED, AlarmName: 'least', Statistic: 'Minimum' }], metrics)
    metrics.put(METRIC, 1, MINUTE)
    metrics.put(METRIC, 9, 2 * MINUTE)
    alarms.evaluate(3 * MINUTE)
    expect(alarms.names.map((name) => alarms.stateOf(name))).toEqual(['ALARM', 'OK'])
    // The older value has left the period.
    alarms.evaluate(6.5 * MINUTE)
    expect(alarms.names.map((name) => alarms.stateOf(name))).toEqual(['ALARM', 'ALARM'])
  })

  test.each([
    ['ExtendedStatistic', { ExtendedStatistic: 'p90', Statistic: undefined }, /Statistic/],
    ['an unknown operator', { ComparisonOperator: 'GreaterThanUpperThreshold' }, /ComparisonOperator/],
    ['metric math', { Metrics: [] }, /Metrics/],
  ])('with %s is refused', (_, properties, message) => {
    expect(() => startAlarms([{ ...DECLARED, ...properties }], metricStore())).toThrow(message)
  })
})
