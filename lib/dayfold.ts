import type { IRole, Role } from 'aws-cdk-lib/aws-iam'
import { Key } from 'aws-cdk-lib/aws-kms'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Aws, CfnOutput, CfnParameter, CfnRule, Fn, Stack, Validations } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { manyPrefix } from '../core/names.ts'
import { ROLE_OUTPUTS, STACK_OUTPUTS } from '../core/stack-outputs.ts'
import { PLACEHOLDER_BUCKET } from './config.ts'
import { Catalog } from './constructs/catalog.ts'
import { Crawlers } from './constructs/crawlers.ts'
import { Handlers } from './constructs/handlers.ts'
import { Monitoring } from './constructs/monitoring.ts'
import { Pipeline } from './constructs/pipeline.ts'
import { Program } from './constructs/program.ts'
import { acknowledgeWildcards } from './constructs/reasons.ts'
import { Schedule } from './constructs/schedule.ts'
import { refuseOversize } from './constructs/size-limits.ts'
import { checkStackRegion } from './constructs/stack-region.ts'
import { Storage } from './constructs/storage.ts'
import { Workgroup } from './constructs/workgroup.ts'
import { dataBucketOf } from './data-bucket-name.ts'
import type { DayfoldProps } from './dayfold-data.ts'
import { OUTPUT_DESCRIPTIONS } from './output-descriptions.ts'
import { releaseOf } from './release.ts'

const OUTPUTS = { ...STACK_OUTPUTS, ...ROLE_OUTPUTS }

/**
 * Feature flags of CDK that the pipeline needs, whatever the app's context says. Without the first, CDK drops the Map's
 * result writer, and the results exceed what a state may hold; without the second, policies of many datasets exceed
 * IAM's limits.
 * https://docs.aws.amazon.com/cdk/v2/guide/featureflags.html
 */
const NEEDED_FLAGS = [
  '@aws-cdk/aws-stepfunctions:useDistributedMapResultWriterV2',
  '@aws-cdk/aws-iam:minimizePolicies',
]

const consoleUrl = (service: string, page: string) =>
  `https://${Aws.REGION}.console.aws.amazon.com/${service}/home?region=${Aws.REGION}#${page}`

/**
 * The pipeline: state machine, functions, jobs, schedule and alarms. It knows the data by name, and may be deleted and
 * deployed again. Its outputs have fixed names, so that a stack holds one pipeline.
 */
export class Dayfold extends Construct {
  /**
   * State machine of the pipeline. The schedule starts it; so can the console or your own app, with the input described
   * in docs/backfills.md.
   */
  readonly stateMachine: IStateMachine
  /** SNS topic that receives alarms, and notices of failed executions. */
  readonly topic: ITopic
  /** Role of the jobs. A raw bucket in another account must let it read. */
  readonly jobRole: IRole

  /**
   * @throws DayfoldError InvalidConfiguration for an option that is not allowed
   * @throws DayfoldError InvalidDataset for datasets that cannot be bundled
   */
  constructor(scope: Construct, id: string, props: DayfoldProps) {
    super(scope, id)
    for (const flag of NEEDED_FLAGS) this.node.setContext(flag, true)
    const release = 'release' in props ? props.release : releaseOf(props)
    const { config, deployment } = release
    checkStackRegion(this, config)
    const { name, database, kmsKeyArn } = config
    const key = kmsKeyArn === undefined ? undefined : Key.fromKeyArn(this, 'Key', kmsKeyArn)

    const storage = new Storage(this, 'Storage', {
      dataBucketName: dataBucketOf(config),
      kmsKeyArn,
      rawBucketName: config.rawBucket,
      rawPrefixes: deployment.datasets.map(({ rawPrefix }) => rawPrefix),
      rawKeyArn: config.rawKeyArn,
    })
    const namePrefix = manyPrefix(name)
    const hasCrawlers = config.crawler !== 'off'
    const catalog = new Catalog(this, 'Catalog', {
      database,
      crawlers: hasCrawlers ? `${namePrefix}*` : undefined,
    })
    let crawlerRole: Role | undefined
    if (hasCrawlers) {
      const ofTables = deployment.datasets.map(({ name: table, crawler }) => [table, crawler!] as const)
      crawlerRole = new Crawlers(this, 'Crawlers', {
        namePrefix,
        ofTables: Object.fromEntries(ofTables),
        catalog,
        storage,
      }).role
    }
    const workgroup = new Workgroup(this, 'Workgroup', {
      name,
      storage,
      catalog,
      kmsKeyArn,
      bytesScannedCutoffPerQuery: config.bytesScannedCutoffPerQuery,
    })
    const handlers = new Handlers(this, 'Handlers', {
      config,
      key,
      storage,
      catalog,
      workgroup,
      bundles: release.handlers,
    })
    const inVpc = config.subnetIds.length > 0
    const program = new Program(this, 'Program', {
      name,
      jobNamePrefix: namePrefix,
      storage,
      inVpc,
      directory: release.program,
      imageUri: config.imageUri,
      baseImage: config.baseImage,
      kmsKeyArn,
    })
    this.jobRole = program.role
    const pipeline = new Pipeline(this, 'Pipeline', { config, key, storage, handlers, program })
    const { stateMachine } = pipeline
    this.stateMachine = stateMachine
    const schedule = new Schedule(this, 'Schedule', {
      name,
      key,
      stateMachine,
      expression: config.schedule,
      enabled: config.scheduleEnabled,
    })
    this.topic = new Monitoring(this, 'Monitoring', {
      name,
      key,
      stateMachine,
      deadLetters: schedule.deadLetters,
      alarmEmail: config.alarmEmail,
      datasets: deployment.datasets,
      schedule: config.scheduleEnabled ? config.schedule : undefined,
      freshHours: config.freshHours,
    }).topic

    this.output({
      name,
      database,
      workgroup: name,
      dataBucket: storage.data.bucketName,
      rawBucket: storage.raw.bucketName,
      stateMachineArn: stateMachine.stateMachineArn,
      console: consoleUrl('states', `/statemachines/view/${stateMachine.stateMachineArn}`),
      dashboard: consoleUrl('cloudwatch', `dashboards:name=${name}`),
      alarmTopic: this.topic.topicArn,
      planDayRole: handlers.planDay.role.roleArn,
      jobRole: program.role.roleArn,
      planRole: handlers.plan.role.roleArn,
      publishDayRole: handlers.publishDay.role.roleArn,
      collectRole: handlers.collect.role.roleArn,
      crawlRole: handlers.crawl.role.roleArn,
      verifyRole: handlers.verify.role.roleArn,
      stateMachineRole: pipeline.role.roleArn,
      scheduleRole: schedule.role.roleArn,
      crawlerRole: crawlerRole?.roleArn,
    })
    if (config.rawBucket === PLACEHOLDER_BUCKET) this.refuseToDeploy()
    acknowledgeWildcards(this)
    refuseOversize(Stack.of(this))
  }

  private output(values: Readonly<Record<keyof typeof OUTPUTS, string | undefined>>): void {
    const outputs = new Construct(this, 'Outputs')
    for (const key of Object.keys(OUTPUTS) as (keyof typeof OUTPUTS)[]) {
      const [id, value, description] = [OUTPUTS[key], values[key], OUTPUT_DESCRIPTIONS[key]]
      if (value !== undefined) new CfnOutput(outputs, id, { value, description }).overrideLogicalId(id)
    }
  }

  /**
   * Makes a deployment with the placeholder fail before it creates anything, while synth only warns. A rule can only
   * look at parameters.
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
