import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { ArnFormat, Aws, Stack } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import type { HandlerEnvironment, HandlerName } from '../../core/environment.ts'
import { RAW_ROLE_NAMES } from '../../core/names.ts'
import {
  attemptKey,
  AWAY,
  CRAWLING,
  DUPLICATES,
  EMPTY,
  factsKey,
  OPEN,
  OUTSTANDING,
  pageKey,
  PLACES,
  PROCESSED,
  QUARANTINE,
  REJECTED,
  REPLACEMENTS,
  REQUEUED,
  RUNS,
  SCHEDULED,
  sketchKeys,
  STAGING,
  STATE,
  summaryKey,
  UNVERIFIED,
  VERIFIED_KEY,
} from '../../core/layout.ts'
import type { Config } from '../config.ts'
import { HANDLER_TIMEOUT_SECONDS, LEASE_SECONDS } from '../timeouts.ts'
import { DAY_LABEL } from '../names.ts'
import type { Catalog } from './catalog.ts'
import { HandlerFunction } from './handler-function.ts'
import type { Storage } from './storage.ts'
import type { Workgroup } from './workgroup.ts'

/** Configuration of the Lambda functions, and the resources that they use. */
export interface HandlersProps {
  readonly config: Config
  /** KMS key of the log groups; undefined: the key of CloudWatch Logs. */
  readonly key: IKey | undefined
  /** Folder that holds the bundle of each handler. */
  readonly bundles: string
  readonly storage: Storage
  readonly catalog: Catalog
  readonly workgroup: Workgroup
}

/** The Lambda functions that the state machine invokes, each with the permissions that it needs and no more. */
export class Handlers extends Construct {
  readonly plan: HandlerFunction<'plan'>
  readonly planDay: HandlerFunction<'plan-day'>
  readonly publishDay: HandlerFunction<'publish-day'>
  readonly collect: HandlerFunction<'collect'>
  readonly crawl: HandlerFunction<'crawl'>
  readonly verify: HandlerFunction<'verify'>
  private readonly props: HandlersProps

  constructor(scope: Construct, id: string, props: HandlersProps) {
    super(scope, id)
    this.props = props
    const { config, storage, catalog, workgroup } = props
    const DATA_BUCKET = storage.data.bucketName
    const DATABASE = catalog.database
    const DEPLOYMENT = config.name
    const publisher = {
      DEPLOYMENT,
      DATA_BUCKET,
      DATABASE,
      LEASE_SECONDS: String(LEASE_SECONDS),
      QUERY_GRACE_SECONDS: String(config.queryGraceMinutes * 60),
    }

    this.plan = this.add('plan', 'Expands an execution to dataset-days.', {
      ...publisher,
      MAX_CONCURRENCY: String(config.maxConcurrency),
      RESERVED_FOR_SCHEDULE: String(config.reservedForSchedule),
    })
    this.planDay = this.add('plan-day', 'Decides what a dataset-day needs.', {
      ...publisher,
      RAW_BUCKET: storage.raw.bucketName,
      PART_ROWS: String(config.partRows),
      PART_BYTES: String(config.partBytes),
      ROW_GROUP_ROWS: String(config.rowGroupRows),
      JOB_SETTINGS: `${config.instanceType} ${config.volumeSizeGb} GB ${config.maxRuntimeSeconds} s`,
    })
    this.publishDay = this.add('publish-day', 'Publishes the generation that a job staged.', publisher)
    this.collect = this.add('collect', 'Writes the summary and the report page of an execution.', {
      DEPLOYMENT,
      DATA_BUCKET,
      INSTANCE_TYPE: config.instanceType,
    })
    this.crawl = this.add(
      'crawl',
      'Compares the catalog with the manifests. Starts the crawlers of tables with new days.',
      publisher,
    )
    this.verify = this.add('verify', "Compares Athena's counts with the manifests.", {
      DEPLOYMENT,
      DATA_BUCKET,
      DATABASE,
      WORKGROUP: workgroup.name,
    })
    this.grantAll()
  }

  /**
   * Lets `grantee` invoke all functions in all versions: an execution that began before a deployment keeps its own
   * definition and function versions, under the roles as they are now. A role must therefore keep what older versions
   * need for as long as an execution may run, 30 days: remove a permission one release after the code that needs it.
   * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-state-machine-version.html
   */
  grantInvoke(grantee: IGrantable): void {
    for (const each of this.all) each.function.grantInvoke(grantee)
  }

  private get all(): readonly HandlerFunction<HandlerName>[] {
    return [this.plan, this.planDay, this.publishDay, this.collect, this.crawl, this.verify]
  }

  private add<H extends HandlerName>(
    handler: H,
    description: string,
    environment: HandlerEnvironment<H>,
  ): HandlerFunction<H> {
    const { config, bundles, key } = this.props
    return new HandlerFunction(this, pascalCase(handler), {
      handler,
      description,
      environment,
      bundles,
      key,
      // The policy of a raw bucket in another account names this role, and the role of the jobs.
      ...(handler === 'plan-day' && { roleName: RAW_ROLE_NAMES.planDay(config.name, Aws.REGION) }),
      namePrefix: config.name,
      timeoutSeconds: HANDLER_TIMEOUT_SECONDS[handler],
      logRetentionDays: config.logRetentionDays,
    })
  }

  private grantAll(): void {
    const { storage, catalog, workgroup } = this.props
    // Each of them finishes intents that it finds with their lease over.
    for (const publisher of [this.plan, this.planDay, this.publishDay, this.crawl])
      this.grantPublish(publisher)
    for (const holder of [this.planDay, this.publishDay]) storage.grant(holder, 'delete', PLACES)
    storage.grant(this.plan, 'write', RUNS)
    storage.grant(this.plan, 'delete', SCHEDULED)
    storage.grant(this.planDay, 'write', RUNS)
    storage.grantListRawDays(this.planDay)
    this.grantDescribeExecutions(this.planDay)
    storage.grantReadVersions(this.planDay, STATE)
    storage.grant(this.publishDay, 'read', RUNS)
    storage.grantList(this.collect)
    storage.grant(this.collect, 'read', RUNS, STATE)
    storage.grantKeys(
      this.collect,
      'write',
      summaryKey('*'),
      pageKey('*'),
      attemptKey('*', '*'),
      factsKey('*'),
    )
    storage.grant(this.collect, 'write', OUTSTANDING, EMPTY)
    storage.grant(this.collect, 'delete', REQUEUED, OUTSTANDING, SCHEDULED)
    // For an attempt that cannot be read, of a day that needs nothing.
    storage.grantKeys(this.collect, 'delete', attemptKey('*', '*'))
    catalog.grantStartCrawlers(this.crawl)
    storage.grant(this.crawl, 'delete', CRAWLING)
    storage.grant(this.crawl, 'read', RUNS)
    workgroup.grantQuery(this.verify)
    storage.grant(this.verify, 'read', STATE, RUNS)
    storage.grantKeys(this.verify, 'write', summaryKey('*'), pageKey('*'), VERIFIED_KEY)
    storage.grant(this.verify, 'write', DUPLICATES)
    storage.grant(this.verify, 'delete', UNVERIFIED, DUPLICATES)
  }

  private grantPublish(publisher: HandlerFunction<HandlerName>): void {
    const { storage, catalog } = this.props
    storage.grantList(publisher)
    storage.grant(publisher, 'read', STATE, STAGING, PROCESSED, REPLACEMENTS, REJECTED, QUARANTINE)
    storage.grant(publisher, 'write', STATE, PROCESSED, REPLACEMENTS, REJECTED, QUARANTINE)
    storage.grant(publisher, 'delete', OPEN, AWAY, PROCESSED, REPLACEMENTS, REJECTED)
    storage.grantKeys(publisher, 'delete', sketchKeys('*', '*'))
    catalog.grantRead(publisher)
    catalog.grantSwitchPartitions(publisher)
    // A home is filled, and a folder emptied, only while the table's crawler is idle.
    catalog.grantWatchCrawlers(publisher)
  }

  /**
   * Spells the ARN with the state machine's known name: a reference would be circular, as it invokes these functions.
   */
  private grantDescribeExecutions(handler: HandlerFunction<HandlerName>): void {
    const { name } = this.props.config
    // A day is busy while the Map's child works on it. Attempts of older releases name only the execution.
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
    const resourceArns = [`${name}:*`, `${name}/${DAY_LABEL}:*`].map((resourceName) =>
      Stack.of(this).formatArn({
        service: 'states',
        resource: 'execution',
        resourceName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    )
    Grant.addToPrincipal({
      grantee: handler,
      actions: ['states:DescribeExecution'],
      resourceArns,
    })
  }
}

function pascalCase(name: string): string {
  return name.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase())
}
