import { App, Stack } from 'aws-cdk-lib/core'
import { Template } from 'aws-cdk-lib/assertions'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import { DefinitionBody, StateMachine, Succeed } from 'aws-cdk-lib/aws-stepfunctions'
import { startAlarms, type AlarmChange, type AlarmDeclaration } from '@dayfold/local-aws/alarms'
import { resolveTemplate, type Template as Resolvable } from '@dayfold/local-aws/cloudformation'
import { metricStore, type MetricStore } from '@dayfold/local-aws/metrics'
import type { DeployedDataset } from '../../../core/deployment.ts'
import { Monitoring } from '../../../lib/constructs/monitoring.ts'

const HOUR = 3_600_000

/** The alarms of a deployment, looked at while its clock goes on. */
export interface Watch {
  readonly metrics: MetricStore
  readonly names: readonly string[]
  /** Every change of a state so far. */
  readonly changes: readonly AlarmChange[]
  /** Names of the alarms that are in a state. */
  in(state: AlarmChange['to']): string[]
  /** Looks at the alarms. */
  look(): void
  /** Lets hours pass, and looks at the alarms each hour. */
  pass(hours: number): void
}

/** Watches by a clock that can be made to jump. */
export function watch(
  declarations: readonly AlarmDeclaration[],
  clock: { now(): number; advance(milliseconds: number): void },
): Watch {
  const metrics = metricStore()
  const alarms = startAlarms(declarations, metrics)
  const changes: AlarmChange[] = []
  const look = () => void changes.push(...alarms.evaluate(clock.now()))
  return {
    metrics,
    names: alarms.names,
    changes,
    in: (state) =>
      alarms.names
        .filter((name) => alarms.stateOf(name) === state)
        .map(withoutPrefix)
        .sort(),
    look,
    pass(hours) {
      for (let hour = 0; hour < hours; hour++) {
        clock.advance(HOUR)
        look()
      }
    },
  }
}

/** `NotFresh` of `dayfold--NotFresh`. */
export const withoutPrefix = (name: string) => name.replace(/^.*--/, '')

/** The alarms that a deployment has over datasets. */
export function alarmsOver(datasets: readonly DeployedDataset[]): readonly AlarmDeclaration[] {
  const stack = new Stack(new App(), 'Stack')
  const definitionBody = DefinitionBody.fromChainable(new Succeed(stack, 'Done'))
  new Monitoring(stack, 'Monitoring', {
    name: 'dayfold',
    stateMachine: new StateMachine(stack, 'Machine', { definitionBody, stateMachineName: 'dayfold' }),
    deadLetters: new Queue(stack, 'DeadLetters', { queueName: 'dead-letters' }),
    datasets,
    schedule: 'cron(10 0/3 * * ? *)',
    freshHours: 6,
    alarmEmail: undefined,
  })
  const template = Template.fromStack(stack).toJSON() as Resolvable
  const place = { region: 'us-east-1', account: '000000000000' }
  return resolveTemplate(template, { ...place, directory: '.', assets: { files: {}, dockerImages: {} } })
    .alarms
}
