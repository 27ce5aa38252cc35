/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment,
   @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-call -- templates have no types */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { App, Stack } from 'aws-cdk-lib/core'
import { Template } from 'aws-cdk-lib/assertions'
import { Key } from 'aws-cdk-lib/aws-kms'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import { DefinitionBody, StateMachine, Succeed } from 'aws-cdk-lib/aws-stepfunctions'
import { describe, expect, it } from 'vitest'
import {
  DATASET_METRICS,
  DEPLOYMENT_METRICS,
  METRIC_NAMESPACE,
  type MetricName,
} from '../../../core/metrics.ts'
import { Monitoring, type MonitoringProps } from '../../../lib/constructs/monitoring.ts'
import { DATASET } from '../../support/lambda/dataset.ts'
import { resolved } from '../../support/synthesized.ts'

const QUIET = { ...DATASET, name: 'quiet' }
const WATCHED = { ...DATASET, name: 'watched', expectNewDataHours: 12 }

function monitoring(props: Partial<MonitoringProps> = {}) {
  const stack = new Stack(new App(), 'Stack')
  const definitionBody = DefinitionBody.fromChainable(new Succeed(stack, 'Done'))
  new Monitoring(stack, 'Monitoring', {
    name: 'dayfold',
    stateMachine: new StateMachine(stack, 'Machine', { definitionBody }),
    deadLetters: new Queue(stack, 'DeadLetters'),
    datasets: [QUIET, WATCHED],
    schedule: 'cron(10 0/3 * * ? *)',
    freshHours: 6,
    alarmEmail: undefined,
    key: undefined,
    ...props,
  })
  const template = Template.fromStack(stack)
  const all = (type: string) =>
    Object.values(template.findResources(type)).map(({ Properties }) => Properties)
  const alarms = new Map(
    all('AWS::CloudWatch::Alarm').map((alarm) => [(alarm.AlarmName as string).replace(/^.*--/, ''), alarm]),
  )
  return { template, all, alarms }
}

const { template, all, alarms } = monitoring()
const [topic] = Object.keys(template.findResources('AWS::SNS::Topic'))

describe('the alarms', () => {
  it('explain what to look at and what to do, and tell their end as well', () => {
    expect(alarms.size).toBeGreaterThan(8)
    for (const { AlarmDescription, AlarmActions, OKActions } of alarms.values()) {
      expect(AlarmDescription).toMatch(/\nInvestigation: .+\nResolution: .+/)
      expect(AlarmDescription.length).toBeLessThanOrEqual(1024)
      expect([AlarmActions, OKActions]).toEqual([[{ Ref: topic }], [{ Ref: topic }]])
    }
  })

  it('stand in docs/operations.md, each with what to do', () => {
    const text = readFileSync(join(import.meta.dirname, '../../../docs/operations.md'), 'utf8')
    const documented = [...text.matchAll(/^### (\w+)$/gm)].map(([, heading]) => heading)
    const kinds = [...alarms.keys()].map((name) => name.replace(/-.*$/, ''))
    expect(documented.sort()).toEqual([...new Set(kinds)].sort())
  })

  it('are on the state of each dataset, on its data only where it is expected', () => {
    const ofDatasets = [...alarms.keys()].filter((name) => name.includes('-'))
    expect(ofDatasets.sort()).toEqual([
      'DaysOutstanding-quiet',
      'DaysOutstanding-watched',
      'LowVolume-watched',
      'NoNewData-watched',
    ])
    expect(alarms.get('NoNewData-watched')).toMatchObject({
      MetricName: 'HoursSinceNewData' satisfies MetricName,
      Threshold: 12,
      Statistic: 'Maximum',
      TreatMissingData: 'ignore',
      Dimensions: [
        { Name: 'Dataset', Value: 'watched' },
        { Name: 'Deployment', Value: 'dayfold' },
      ],
    })
    expect(alarms.get('LowVolume-watched')).toMatchObject({
      MetricName: 'VolumeRatio' satisfies MetricName,
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 0.5,
    })
  })

  it('take the newest word of freshness between two starts, and silence for a word of its own', () => {
    expect(alarms.get('NotFresh')).toMatchObject({
      MetricName: 'HoursSinceVerified' satisfies MetricName,
      Statistic: 'Minimum',
      Period: 3 * 3600,
      EvaluationPeriods: 1,
      Threshold: 6,
      TreatMissingData: 'missing',
      InsufficientDataActions: [{ Ref: topic }],
    })
    const daily = monitoring({ schedule: 'cron(10 2 * * ? *)', freshHours: 168 }).alarms.get('NotFresh')
    expect(daily).toMatchObject({ Period: 86_400, Threshold: 168 })
    expect(daily.AlarmDescription).toContain('for 168 hours')
  })

  it('take silence for none where the schedule skips days, and expect no run without a schedule', () => {
    const weekdays = monitoring({ schedule: 'cron(10 2 ? * MON-FRI *)' }).alarms.get('NotFresh')
    expect(weekdays).not.toHaveProperty('InsufficientDataActions')
    expect(monitoring({ schedule: undefined }).alarms.has('NotFresh')).toBe(false)
  })

  it('stay within what CloudWatch evaluates', () => {
    for (const { Period, EvaluationPeriods } of alarms.values()) {
      expect(Period % 60).toBe(0)
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
      expect(Period * EvaluationPeriods).toBeLessThanOrEqual((Period >= 3600 ? 7 : 1) * 86_400)
    }
  })
})

describe('the topic', () => {
  const statementsOf = ({ all }: ReturnType<typeof monitoring>) =>
    all('AWS::SNS::TopicPolicy').flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
  const statements = statementsOf({ template, all, alarms })

  it('is open to its own alarms, to EventBridge, and to nobody without TLS', () => {
    const services = statements.filter(({ Effect }) => Effect === 'Allow').map(({ Principal }) => Principal)
    expect(services).toEqual([{ Service: 'cloudwatch.amazonaws.com' }, { Service: 'events.amazonaws.com' }])
    expect(statements).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Action: 'sns:Publish',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    )
    const { StringEquals, ArnLike } = statements.find(({ Sid }) => Sid === 'AllowPublishOfAlarms').Condition
    expect(StringEquals).toEqual({ 'aws:SourceAccount': { Ref: 'AWS::AccountId' } })
    expect(resolved(ArnLike['aws:SourceArn'])).toBe(
      'arn:aws:cloudwatch:us-east-1:000000000000:alarm:dayfold--*',
    )
  })

  it('has no condition on EventBridge, which does not support any', () => {
    const [events] = statements.filter(({ Principal }) => Principal.Service === 'events.amazonaws.com')
    expect(events).not.toHaveProperty('Condition')
    expect(events.Resource).toEqual({ Ref: topic })
  })

  it('is closed to the alarms of a deployment whose name begins alike', () => {
    for (const { AlarmName } of alarms.values()) expect(AlarmName).toMatch(/^dayfold--/)
    for (const { AlarmName } of monitoring({ name: 'dayfold-dev' }).alarms.values())
      expect(AlarmName.startsWith('dayfold--')).toBe(false)
  })

  it('is encrypted with the key that is given', () => {
    const arn = 'arn:aws:kms:us-east-1:000000000000:key/k'
    const key = Key.fromKeyArn(new Stack(new App(), 'Keys'), 'Key', arn)
    expect(monitoring({ key }).all('AWS::SNS::Topic')[0].KmsMasterKeyId).toBe(arn)
  })
})

describe('a notice', () => {
  const rules = all('AWS::Events::Rule')
  const ruleOf = (status: string) =>
    rules.find(({ EventPattern }) => EventPattern.detail.status.includes(status))

  it.each(['FAILED', 'TIMED_OUT', 'ABORTED'])('is sent of an execution that ended as %s', (status) => {
    const [machine] = Object.keys(template.findResources('AWS::StepFunctions::StateMachine'))
    const { EventPattern, Targets } = ruleOf(status)
    expect(EventPattern).toMatchObject({
      source: ['aws.states'],
      'detail-type': ['Step Functions Execution Status Change'],
      detail: { stateMachineArn: [{ Ref: machine }] },
    })
    expect(Targets.map(({ Arn }: { Arn: unknown }) => Arn)).toEqual([{ Ref: topic }])
  })

  it('has the cause with its days, the way to redo them, and a link', () => {
    const message = noticeOf(ruleOf('FAILED'), {
      executionArn: 'arn:aws:states:us-east-1:000000000000:execution:dayfold:run',
      status: 'FAILED',
      error: 'DaysFailed',
      cause: '1 of 8 dataset-days failed.\njobs 2024-01-02: …\nredo them with the input {"mode":"failed"}',
    })
    expect(message).toMatchObject({
      error: 'DaysFailed',
      cause: expect.stringContaining('input {"mode":"failed"}') as string,
      time: '2024-01-02T03:04:05Z',
      link:
        'https://us-east-1.console.aws.amazon.com/states/home?region=us-east-1' +
        '#/v2/executions/details/arn:aws:states:us-east-1:000000000000:execution:dayfold:run',
    })
  })

  it('asks of an execution that was stopped for nothing that it does not have', () => {
    const detail = { executionArn: 'arn', status: 'ABORTED' }
    expect(noticeOf(ruleOf('ABORTED'), detail)).toMatchObject({ execution: 'arn', status: 'ABORTED' })
  })
})

/**
 * Returns the message that a rule's transformer makes of an event.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
function noticeOf(rule: ReturnType<typeof all>[number], detail: Record<string, string>): unknown {
  const { InputTemplate, InputPathsMap } = rule.Targets[0].InputTransformer
  const event: Record<string, unknown> = { time: '2024-01-02T03:04:05Z', detail }
  const valueOf = (name: string) => {
    const path = (InputPathsMap[name] as string).split('.').slice(1)
    const value = path.reduce<unknown>((at, field) => (at as Record<string, unknown>)[field], event)
    if (typeof value !== 'string') throw new Error(`${name}: not in the event`)
    return JSON.stringify(value)
  }
  // Inside a string a value is inserted as it is, elsewhere as JSON.
  const text = resolved(InputTemplate).replaceAll(
    /("(?:[^"\\]|\\.)*")|<([\w-]+)>/g,
    (_, quoted: string | undefined, name: string) =>
      quoted?.replaceAll(/<([\w-]+)>/g, (_, inner: string) => valueOf(inner).slice(1, -1)) ?? valueOf(name),
  )
  return JSON.parse(text)
}

describe('the price of watching', () => {
  const METRIC = 0.3
  const ALARM = 0.1
  const dollars = (datasets: number, watched: number) =>
    METRIC * (Object.keys(DEPLOYMENT_METRICS).length + datasets * Object.keys(DATASET_METRICS).length) +
    ALARM * (7 + datasets + 2 * watched)

  it('is what docs/operations.md counts', () => {
    expect(Object.keys(DATASET_METRICS)).toHaveLength(3)
    expect(Object.keys(DEPLOYMENT_METRICS)).toHaveLength(11)
    expect(alarms.size).toBe(7 + 2 + 2 * 1)
    const text = readFileSync(join(import.meta.dirname, '../../../docs/operations.md'), 'utf8')
    expect(text).toContain('0.30 × (11 + 3 × D) + 0.10 × (7 + D + 2 × E)')
    for (const [datasets, watched] of [
      [3, 0],
      [3, 3],
      [40, 40],
    ] as const)
      expect(text).toContain(
        `${datasets} datasets, ${watched} of them with \`expectNewDataHours\`: $${dollars(datasets, watched).toFixed(2)}`,
      )
  })
})

describe('the dashboard', () => {
  const [dashboard] = monitoring({ name: 'tenant-b' }).all('AWS::CloudWatch::Dashboard')
  const { widgets } = JSON.parse(resolved(dashboard.DashboardBody)) as {
    widgets: { properties: { title: string; metrics: (string | { expression?: string })[][] } }[]
  }

  it('shows the state of the data first', () => {
    expect(widgets.slice(0, 3).map(({ properties }) => properties.title)).toEqual([
      'Days outstanding',
      'Hours since new data',
      'Volume against the weekday',
    ])
  })

  it('looks at metrics of its own deployment, however many datasets there are', () => {
    const drawn = widgets.flatMap(({ properties }) => properties.metrics)
    const searches = drawn.flatMap(([first]) => (typeof first === 'object' ? [first.expression] : []))
    expect(searches).toHaveLength(3)
    for (const search of searches)
      expect(search).toMatch(
        /^SEARCH\('\{Dayfold,Deployment,Dataset\} MetricName="\w+" Deployment="tenant-b"'/,
      )
    const own = drawn.filter(([namespace]) => namespace === METRIC_NAMESPACE)
    expect(own.length).toBeGreaterThan(5)
    for (const [, , dimension, value] of own) expect([dimension, value]).toEqual(['Deployment', 'tenant-b'])
  })
})
