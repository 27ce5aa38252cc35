import { mkdirSync } from 'node:fs'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { athenaService, type Listing } from './athena/service.ts'
import type { AdvancingClock } from './clock.ts'
import { readDeployed, writeDeployed } from './cloudformation/deployed.ts'
import type { LocalDeployment } from './cloudformation/template.ts'
import { isDiskFull } from './errors.ts'
import { glueService } from './glue/service.ts'
import { openHomeClock } from './home/clock.ts'
import { homePaths } from './home/paths.ts'
import { lambdaRuntime, type LambdaRuntime } from './lambda/runtime.ts'
import { startEndpoint } from './protocol/endpoint.ts'
import type { Faults } from './protocol/faults.ts'
import type { Limits } from './protocol/limits.ts'
import type { Place } from './protocol/place.ts'
import { s3Service, type S3Options } from './s3/service.ts'
import { imageProgram } from './sagemaker/image-command.ts'
import { sagemakerService, type SageMakerOptions, type SageMakerService } from './sagemaker/service.ts'
import { authorizedJobs, authorizedLambda } from './stack/machine-access.ts'
import { newCredentials, type Credentials } from './stack/credentials.ts'
import { openStackAccess } from './stack/stack-access.ts'
import type { VirtualClock } from './virtual-clock.ts'
import {
  crawlersOf,
  databaseOf,
  functionsOf,
  imageFolder,
  tablesOf,
  updateStack,
} from './stack/update-stack.ts'
import {
  LAMBDA_INVOKE,
  lambdaResource,
  PROCESSING_JOB,
  processingJobResource,
  stepFunctionsService,
  type ObjectStore,
  type TaskResource,
} from './states/index.ts'

export interface LocalAwsOptions {
  /** What the stack deploys, references resolved for `place`. */
  readonly deployment: LocalDeployment
  /** Region and account that the deployment was resolved for. */
  readonly place: Place
  /** Folder of all state; made when absent. */
  readonly home: string
  /** Buckets that exist beside those of the stack. @default none */
  readonly buckets?: readonly string[]
  /** Folders shown at prefixes of buckets, read only. @default none */
  readonly mounts?: readonly { readonly bucket: string; readonly prefix: string; readonly dir: string }[]
  /**
   * `run`: this process alone works on the home, and whatever an earlier one left running is over. `read`: another
   * process may be at work; nothing of its is touched.
   */
  readonly mode: 'run' | 'read'
  /** Told what functions and jobs print. @default nothing */
  readonly log?: (line: string) => void
  /**
   * What the services tell as their time and keep with what is written.
   * @default the home's own: that of this machine, ahead by what `LocalAws.clock` was made to jump so far
   */
  readonly clock?: AdvancingClock | undefined
  /** Told of every folder that a query of Athena has listed. @default nobody */
  readonly onListed?: (listing: Listing) => void
  /** @default everything behaves */
  readonly faults?: Faults | undefined
  /**
   * Time that passes only while nothing works: `clock` is it as well, and the definition waits in full.
   * @default that of this machine passes
   */
  readonly virtualClock?: VirtualClock | undefined
  /**
   * Milliseconds that an invocation takes on the virtual clock, by the ARN that is invoked.
   * @default none
   */
  readonly invocationTakes?: (functionArn: string) => number
  /** Does what the programs of jobs would. @default they run */
  readonly standIn?: SageMakerOptions['standIn']
  /** What listings of buckets show in the place of what they hold. @default what they hold */
  readonly listings?: S3Options['listings']
  /** Limits of the account: S3's rate, SageMaker's quotas, Lambda's concurrency. @default none */
  readonly limits?: Limits | undefined
  /** Seconds that the definition waits are multiplied by it. @default 0.05 */
  readonly waitScale?: number
  /** Variable by which the program of a job learns where it finds what is `/opt/ml` in a container. @default ML_ROOT */
  readonly mlRootVariable?: string
  /** Variables that the program of every job finds beside those of its request. @default none */
  readonly jobEnvironment?: Readonly<Record<string, string>>
  /** Put in front of a Task's resource, for tests that inject failures. @default nothing */
  readonly wrapResource?: (arn: string, resource: TaskResource) => TaskResource
}

/** AWS on this machine, with a stack deployed. */
export interface LocalAws {
  /** Such as `http://127.0.0.1:40123`. */
  readonly endpoint: string
  readonly region: string
  /**
   * Let whoever holds them do everything. They are made anew at every start, as are those of functions, jobs and the
   * state machine; any other access key is refused as AWS refuses one that it does not know.
   */
  readonly credentials: Credentials
  /** What is deployed now. */
  readonly deployment: LocalDeployment
  readonly lambda: LambdaRuntime
  readonly jobs: SageMakerService
  /** Can be made to jump ahead. */
  readonly clock: AdvancingClock
  /** Requests of functions, jobs and the state machine that their roles do not allow, and which were refused. */
  readonly refusals: readonly string[]
  /**
   * CloudFormation's update of the stack, in place, while executions run. Versions of functions and images stand beside
   * the earlier ones, which run on with the permissions that their roles have now; running executions keep their
   * definition; tables become what is declared where that has changed, and what is no longer declared goes unless it is
   * retained. Buckets, once made, stay.
   *
   * @throws LocalAwsError NotImplemented, InvalidConfiguration as at the start; nothing has changed then
   */
  update(deployment: LocalDeployment): Promise<void>
  /** Stops executions, jobs and functions, then the endpoint. */
  close(): Promise<void>
}

/** Far longer than any lease: what an earlier process began is over when this one starts. */
const EARLIER_OBJECTS_ARE_OLDER_BY_SECONDS = 24 * 3600
/** A minute of waiting for AWS is three seconds here. */
const DEFAULT_WAIT_SCALE = 0.05

/**
 * Serves what a stack deploys on the loopback interface.
 *
 * @throws LocalAwsError InvalidConfiguration, NotImplemented for a stack that cannot run here; CorruptState for a clock of
 *   the home that cannot be read
 */
export async function startLocalAws(options: LocalAwsOptions): Promise<LocalAws> {
  const {
    deployment,
    place,
    home,
    mode,
    mounts = [],
    log: tell = () => undefined,
    faults,
    limits,
    mlRootVariable = 'ML_ROOT',
    virtualClock: virtual,
    clock = virtual ?? openHomeClock(home),
  } = options
  const log = unlessFull(tell)
  let current = deployment
  const paths = homePaths(home)
  for (const bucket of [...deployment.buckets, ...(options.buckets ?? [])])
    mkdirSync(paths.bucket(bucket), { recursive: true })

  const credentials = newCredentials('CLIENT')
  const access = openStackAccess({ deployment, place, administrators: [credentials.accessKeyId], log })
  const { authorize } = access
  const s3 = s3Service({
    root: paths.s3,
    metaRoot: paths.s3Meta,
    mounts,
    versioned: deployment.versioned,
    ...(mode === 'run' && { ageEarlierObjectsSeconds: EARLIER_OBJECTS_ARE_OLDER_BY_SECONDS }),
    authorize: access.s3,
    clock,
    log,
    listings: options.listings,
    faults: limits ? limits.withS3(faults) : faults,
  })
  const { filePath, listObjects } = s3
  const glue = glueService({
    home,
    database: databaseOf(deployment),
    tables: tablesOf(deployment),
    crawlers: crawlersOf(deployment),
    filePath,
    dataFor: access.crawlerData,
    authorize,
    place,
    clock,
    faults,
  })
  const athena = athenaService({
    home,
    get workgroups() {
      return current.workgroups
    },
    catalog: glue.catalog,
    filePath,
    listObjects,
    dataFor: access.queryData,
    authorize,
    place,
    clock,
    onListed: options.onListed,
    faults,
  })

  // Children and services call the endpoint, whose address is known once it listens.
  let url = ''
  let children = 0
  const childEnvironment = (starts: (accessKeyId: string) => void) => {
    const { accessKeyId, secretAccessKey } = newCredentials(String(++children).padStart(8, '0'))
    starts(accessKeyId)
    return {
      AWS_ENDPOINT_URL: url,
      AWS_REGION: place.region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    }
  }
  const lambda = lambdaRuntime({
    functions: functionsOf(deployment),
    childEnvironment: (arn) => childEnvironment((key) => access.functionStarts(key, arn)),
    log: (name, line) => log(`${name}: ${line}`),
    ahead: () => clock.ahead,
    limits,
  })
  const jobs = sagemakerService({
    home,
    program: (uri) => imageProgram(imageFolder(current, uri)),
    childEnvironment: (name, roleArn, mlRoot) => ({
      ...childEnvironment((key) => access.jobStarts(key, name, roleArn)),
      [mlRootVariable]: mlRoot,
      ...options.jobEnvironment,
    }),
    authorize,
    place,
    clock,
    log,
    ...(virtual && { clock: virtual, timers: virtual }),
    standIn: options.standIn,
    limits,
    faults,
  })
  const machine = { authorize, caller: access.machine }
  const wrap = options.wrapResource ?? ((_, resource) => resource)
  const { invocationTakes = () => 0 } = options
  /** A crawl that a function has started is work as well. */
  const invocation = (resource: TaskResource): TaskResource =>
    virtual
      ? (call) => {
          const { FunctionName } = call.arguments as { readonly FunctionName: string }
          return virtual.taking(
            invocationTakes(FunctionName),
            resource(call).finally(() => glue.idle()),
          )
        }
      : resource
  const atWork = (resource: TaskResource): TaskResource =>
    virtual ? (call) => virtual.during(resource(call)) : resource
  const states = stepFunctionsService({
    home,
    machines: deployment.stateMachines,
    resources: {
      [LAMBDA_INVOKE]: wrap(
        LAMBDA_INVOKE,
        invocation(lambdaResource(authorizedLambda(lambda, { ...machine, place }))),
      ),
      [PROCESSING_JOB]: wrap(
        PROCESSING_JOB,
        atWork(processingJobResource(authorizedJobs(jobs, { ...machine, place }))),
      ),
    },
    objects: objectStore(() => machineS3),
    authorize,
    waitScale: virtual ? 1 : (options.waitScale ?? DEFAULT_WAIT_SCALE),
    timers: virtual,
    abortEarlier: mode === 'run',
    now: () => clock.now(),
    faults,
  })
  if (mode === 'run') {
    await glue.catalog.declare(tablesOf(deployment), tablesOf(readDeployed(home)))
    writeDeployed(home, deployment)
  }
  const endpoint = await startEndpoint({
    services: [s3, glue, athena, jobs, states],
    now: () => clock.now(),
  })
  url = endpoint.url
  const machineS3 = new S3Client({ endpoint: url, region: place.region, credentials: access.machine })
  return {
    endpoint: url,
    region: place.region,
    credentials,
    get deployment() {
      return current
    },
    lambda,
    jobs,
    clock,
    refusals: access.refusals,
    async update(changed) {
      await updateStack({ access, lambda, glue, states }, home, current, changed)
      current = changed
    },
    async close() {
      await states.close()
      await jobs.close()
      await lambda.close()
      await glue.close()
      await athena.close()
      machineS3.destroy()
      await endpoint.close()
    },
  }
}

/** A full disk stops what needs it: a log that has no room is no reason. */
function unlessFull(log: (line: string) => void): (line: string) => void {
  return (line) => {
    try {
      log(line)
    } catch (error) {
      if (!isDiskFull(error)) throw error
    }
  }
}

function objectStore(client: () => S3Client): ObjectStore {
  return {
    async get(bucket, key) {
      const { Body } = await client().send(new GetObjectCommand({ Bucket: bucket, Key: key }))
      return Buffer.from(await Body!.transformToByteArray())
    },
    async put(bucket, key, body) {
      await client().send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }))
    },
  }
}
