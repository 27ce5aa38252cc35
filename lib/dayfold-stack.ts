import {
  Aws,
  CfnOutput,
  CfnParameter,
  CfnRule,
  Fn,
  Stack,
  Validations,
  type StackProps,
} from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import type { Deployment } from '../core/deployment.ts'
import { STACK_OUTPUTS } from '../core/stack-outputs.ts'
import { PLACEHOLDER_BUCKET, type Config } from './config.ts'
import { Catalog } from './constructs/catalog.ts'
import { Crawler } from './constructs/crawler.ts'
import { Handlers } from './constructs/handlers.ts'
import { Monitoring } from './constructs/monitoring.ts'
import { Pipeline } from './constructs/pipeline.ts'
import { Program } from './constructs/program.ts'
import { Schedule } from './constructs/schedule.ts'
import { Storage } from './constructs/storage.ts'
import { acknowledgeWildcards } from './constructs/wildcards.ts'
import { Workgroup } from './constructs/workgroup.ts'

export interface DayfoldStackProps extends StackProps {
  readonly config: Config
  readonly deployment: Deployment
  /** Folder that holds the bundled program: see `bundleProgram`. */
  readonly program: string
  /** Folder that holds the bundled handlers: see `bundleHandlers`. */
  readonly handlers: string
}

const consoleUrl = (service: string, page: string) =>
  `https://${Aws.REGION}.console.aws.amazon.com/${service}/home?region=${Aws.REGION}#${page}`

/** Everything that Dayfold is in an account. */
export class DayfoldStack extends Stack {
  constructor(scope: Construct, id: string, props: DayfoldStackProps) {
    super(scope, id, {
      description: "Folds each day's raw JSON Lines into Parquet, fresh in Athena.",
      ...props,
    })
    const { config, deployment } = props
    const { name, database } = config

    const storage = new Storage(this, 'Storage', {
      rawBucketName: config.rawBucket,
      rawPrefixes: deployment.datasets.map(({ rawPrefix }) => rawPrefix),
      rawKeyArn: config.rawKeyArn,
      noncurrentVersionDays: config.noncurrentVersionDays,
      stagingDays: config.stagingDays,
    })
    const catalog = new Catalog(this, 'Catalog', { database, storage, datasets: deployment.datasets })
    for (const { name: table, crawler } of deployment.datasets) {
      if (crawler !== undefined)
        new Crawler(catalog.ofDataset(table), 'Crawler', { name: crawler, table, catalog, storage })
    }
    const workgroup = new Workgroup(this, 'Workgroup', { name, storage, catalog })
    const handlers = new Handlers(this, 'Handlers', {
      config,
      storage,
      catalog,
      workgroup,
      bundles: props.handlers,
    })
    const inVpc = config.subnetIds.length > 0
    const program = new Program(this, 'Program', { storage, inVpc, directory: props.program })
    const { stateMachine } = new Pipeline(this, 'Pipeline', { config, storage, handlers, program })
    const { deadLetters } = new Schedule(this, 'Schedule', {
      name,
      stateMachine,
      expression: config.schedule,
      enabled: config.scheduleEnabled,
    })
    new Monitoring(this, 'Monitoring', {
      name,
      stateMachine,
      deadLetters,
      alarmEmail: config.alarmEmail,
      freshHours: config.scheduleEnabled ? config.freshHours : undefined,
    })

    this.output({
      name,
      database,
      workgroup: name,
      dataBucket: storage.data.bucketName,
      rawBucket: storage.raw.bucketName,
      stateMachineArn: stateMachine.stateMachineArn,
      console: consoleUrl('states', `/statemachines/view/${stateMachine.stateMachineArn}`),
      dashboard: consoleUrl('cloudwatch', `dashboards:name=${name}`),
    })
    if (config.rawBucket === PLACEHOLDER_BUCKET) this.refuseToDeploy()
    acknowledgeWildcards(this)
  }

  private output(values: Readonly<Record<keyof typeof STACK_OUTPUTS, string>>): void {
    const outputs = new Construct(this, 'Outputs')
    for (const [key, value] of Object.entries(values)) {
      const id = STACK_OUTPUTS[key as keyof typeof STACK_OUTPUTS]
      new CfnOutput(outputs, id, { value }).overrideLogicalId(id)
    }
  }

  /**
   * Synth only warns of the placeholder; CloudFormation stops before it makes anything. A rule is about parameters.
   * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
   */
  private refuseToDeploy(): void {
    const message = `rawBucket in cdk.json is still "${PLACEHOLDER_BUCKET}": name your bucket before you deploy.`
    Validations.of(this).addWarning('dayfold:rawBucket', message)
    const parameter = new CfnParameter(this, 'RawBucketInCdkJson', {
      description: 'Set rawBucket in cdk.json instead of this.',
      default: PLACEHOLDER_BUCKET,
    })
    const isNamed = Fn.conditionNot(Fn.conditionEquals(parameter, PLACEHOLDER_BUCKET))
    new CfnRule(this, 'RawBucketIsNamed', {
      assertions: [{ assert: isNamed, assertDescription: message }],
    })
  }
}
