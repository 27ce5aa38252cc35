import type { Role } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { RetentionDays } from 'aws-cdk-lib/aws-logs'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import {
  Choice,
  Condition,
  DefinitionBody,
  DistributedMap,
  Fail,
  LogLevel,
  QueryLanguage,
  StateMachine,
  Succeed,
  Wait,
  WaitTime,
  type Chain,
  type IChainable,
  type TaskStateBase,
} from 'aws-cdk-lib/aws-stepfunctions'
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { mapResultsPrefix } from '../../core/layout.ts'
import type { DayInput, DayItem, PlanOutput } from '../../core/messages.ts'
import type { Config } from '../config.ts'
import { EXECUTION_TIMEOUT_SECONDS, jobStateTimeoutSeconds } from '../timeouts.ts'
import { DAY_LABEL } from '../names.ts'
import { DatasetDayFlow } from './dataset-day-flow.ts'
import type { Handlers } from './handlers.ts'
import { invoke, jsonata, jsonataText } from './invoke.ts'
import { jobRequest } from './job-request.ts'
import { RunItemReader, RunResultWriter } from './map-files.ts'
import type { Program } from './program.ts'
import { serviceRole } from './service-role.ts'
import type { Storage } from './storage.ts'

/** Configuration of the state machine, and the resources that it uses. */
export interface PipelineProps {
  readonly config: Config
  /** KMS key of the log group; undefined: the key of CloudWatch Logs. */
  readonly key: IKey | undefined
  readonly storage: Storage
  readonly handlers: Handlers
  readonly program: Program
}

const item = (field: keyof DayItem) => jsonata(`$states.context.Map.Item.Value.${field}`)
const planned = (field: keyof PlanOutput) => jsonata(`$plan.${field}`)

/** Input of each of the Map's children, which do not see the variables of their parent. */
const DAY_INPUT = {
  dataset: item('dataset'),
  date: item('date'),
  execution: planned('execution'),
  mode: item('mode'),
  dryRun: planned('dryRun'),
  allowEmpty: planned('allowEmpty'),
  scheduled: planned('scheduled'),
  at: planned('at'),
} satisfies Record<keyof DayInput, string>

/**
 * The state machine that plans, processes, publishes and verifies dataset-days. Its variables `plan`, `collected`,
 * `crawled` and `verified` hold the answers of the functions. State holds bounded summaries only; lists are in S3 under
 * `runs/`.
 */
export class Pipeline extends Construct {
  readonly stateMachine: StateMachine
  /** Role of the state machine. */
  readonly role: Role
  private readonly props: PipelineProps

  constructor(scope: Construct, id: string, props: PipelineProps) {
    super(scope, id)
    this.props = props
    const { name, logRetentionDays } = props.config
    this.role = serviceRole(this, 'Role', { service: 'states' })
    // The Map reads its items and writes its results.
    props.storage.grantKey(this.role, 'write')
    props.handlers.grantInvoke(this.role)
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName: name,
      role: this.role,
      comment: "Folds each day's raw files into Parquet and keeps the tables over them fresh.",
      queryLanguage: QueryLanguage.JSONATA,
      definitionBody: DefinitionBody.fromChainable(this.definition()),
      timeout: Duration.seconds(EXECUTION_TIMEOUT_SECONDS),
      tracingEnabled: true,
      logs: {
        level: LogLevel.ALL,
        includeExecutionData: true,
        destination: new LogGroup(this, 'Logs', {
          // Log groups with this prefix need no entry of their own in the account's one resource policy for logs.
          // https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
          logGroupName: `/aws/vendedlogs/states/${name}`,
          retention: logRetentionDays as RetentionDays,
          ...(props.key && { encryptionKey: props.key }),
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      },
    })
  }

  private definition(): IChainable {
    const { handlers } = this.props
    const plan = invoke(this, 'Plan', {
      handler: 'plan',
      function: handlers.plan,
      payload: {
        execution: {
          arn: jsonata('$states.context.Execution.Id'),
          name: jsonata('$states.context.Execution.Name'),
        },
        startedAt: jsonata('$states.context.Execution.StartTime'),
        input: jsonata('$states.input'),
      },
      variable: 'plan',
    })
    const collect = invoke(this, 'Collect', {
      handler: 'collect',
      function: handlers.collect,
      payload: { plan: jsonata('$plan'), results: jsonata('$states.input.ResultWriterDetails') },
      variable: 'collected',
      assign: { crawled: null, verified: null },
    })
    return plan.next(this.days()).next(collect).next(this.afterDays())
  }

  private days(): DistributedMap {
    const { config, storage, handlers, program } = this.props
    const day = new DatasetDayFlow(this, 'Day', {
      handlers,
      request: jobRequest(config, program, storage.data.bucketName),
      jobNamePrefix: config.name,
      jobRole: program.role,
      jobTimeoutSeconds: jobStateTimeoutSeconds(config.maxRuntimeSeconds),
    })
    const map = DistributedMap.jsonata(this, 'Days', {
      label: DAY_LABEL,
      itemReader: new RunItemReader(storage.data, jsonata('$plan.items.key')),
      itemSelector: DAY_INPUT,
      jsonataMaxConcurrency: jsonata('$plan.maxConcurrency'),
      // A failed day must not stop the others: Collect counts them.
      toleratedFailurePercentage: 100,
      resultWriterV2: new RunResultWriter(
        storage.data,
        jsonata(jsonataText(mapResultsPrefix, '$plan.execution.name')),
      ),
    })
    return map.itemProcessor(day.start)
  }

  /** Skips crawl and verification after a dry run, which has changed nothing. */
  private afterDays(): IChainable {
    const outcome = this.outcome()
    const verify = this.verify()
    verify.next(outcome)
    return Choice.jsonata(this, 'DryRun')
      .when(Condition.jsonata(jsonata('$plan.dryRun')), outcome)
      .otherwise(this.crawlUntilDone(verify))
  }

  private crawlUntilDone(next: IChainable): Chain {
    // The variable `crawled` survives a redrive; Crawl compares redriveCount to spot a stale one.
    const redriveCount = '$states.context.Execution.RedriveCount'
    const crawlInput = `{'execution': $plan.execution, 'redriveCount': ${redriveCount}, 'failedDays': $collected.cause}`
    const crawl = invoke(this, 'Crawl', {
      handler: 'crawl',
      function: this.props.handlers.crawl,
      payload: jsonata(`$merge([${crawlInput}, $crawled ? {'previous': $crawled} : {}])`),
      variable: 'crawled',
    })
    const wait = Wait.jsonata(this, 'WaitForCrawlers', { time: WaitTime.duration(Duration.seconds(30)) })
    return crawl.next(
      Choice.jsonata(this, 'Crawled')
        .when(Condition.jsonata(jsonata("$crawled.action = 'wait'")), wait.next(crawl))
        .otherwise(next),
    )
  }

  private verify(): TaskStateBase {
    return invoke(this, 'Verify', {
      handler: 'verify',
      function: this.props.handlers.verify,
      payload: { execution: jsonata('$plan.execution'), failedDays: jsonata('$collected.cause') },
      variable: 'verified',
    })
  }

  private outcome(): Choice {
    // Each cause has several lines, which $trim would join.
    const both = "$collected.cause != '' and $verified.cause != ''"
    const cause = `($collected.cause & (${both} ? '\\n' : '') & $verified.cause)`
    const failed = Fail.jsonata(this, 'DaysFailed', { error: 'DaysFailed', cause: jsonata(cause) })
    const done = Succeed.jsonata(this, 'Done', {
      outputs: {
        summary: jsonata('$collected.summary'),
        counts: jsonata('$collected.counts'),
        verified: jsonata('$verified'),
        warnings: jsonata('$crawled ? $crawled.warnings : []'),
      },
    })
    return Choice.jsonata(this, 'Outcome')
      .when(Condition.jsonata(jsonata(`${cause} != ''`)), failed)
      .otherwise(done)
  }
}
