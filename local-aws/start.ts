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
import type { JobFolders } from './sagemaker/runner.ts'
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

/**
 * Options of {@link startLocalAws}: the deployment, the folder of its state, and deviations from AWS that tests use,
 * such as faults and virtual time.
 */
export interface LocalAwsOptions {
  /** Everything that the stack deploys, as `resolveStacks` or `resolveTemplate` returns it for `place`. */
  readonly deployment: LocalDeployment
  /** Region and account that the deployment was resolved for. */
  readonly place: Place
  /** Folder of all state, called the home; created if absent. */
  readonly home: string
  /** Buckets to create beside those of the stack. @default none */
  readonly buckets?: readonly string[]
  /** Folders that appear at prefixes of buckets, read-only. @default none */
  readonly mounts?: readonly { readonly bucket: string; readonly prefix: string; readonly dir: string }[]
  /**
   * `run`: no other process works on the home. The deployment is recorded there, and executions that an earlier process
   * left running are marked as aborted. `read`: another process may be running executions there, and nothing of its
   * state is changed at the start.
   */
  readonly mode: 'run' | 'read'
  /** Called with each line that functions and jobs print. @default no call */
  readonly log?: (line: string) => void
  /**
   * Clock that the services answer and store times by.
   * @default `virtualClock`, else the home's own: this machine's time plus all jumps of `LocalAws.clock` so far
   */
  readonly clock?: AdvancingClock | undefined
  /** Called after an Athena query has listed a folder, once per folder. @default no call */
  readonly onListed?: (listing: Listing) => void
  /** Faults to inject into calls of the services, and into steps that services take by themselves. @default none */
  readonly faults?: Faults | undefined
  /**
   * Clock that advances only while neither functions, jobs nor crawls work. It times jobs and state machines; their
   * waits are then not shortened by `waitScale`.
   * @default no virtual time
   */
  readonly virtualClock?: VirtualClock | undefined
  /**
   * Returns the milliseconds of the virtual clock that an invocation of the function takes; without a virtual clock it
   * is not called.
   * @default 0
   */
  readonly invocationTakes?: (functionArn: string) => number
  /** Called instead of starting a job's program, to do its work in this process. @default programs run */
  readonly standIn?: SageMakerOptions['standIn']
  /**
   * Functions that make up the listings of buckets, by bucket, to simulate more objects than there are.
   * @default what the buckets hold
   */
  readonly listings?: S3Options['listings']
  /**
   * Limits of the simulated account: requests per second of S3, SageMaker's instances, Lambda's concurrency.
   * @default none
   */
  readonly limits?: Limits | undefined
  /**
   * Factor by which the seconds of Wait states and retries are multiplied; ignored with a virtual clock.
   * @default 0.05
   */
  readonly waitScale?: number
  /** Name of the environment variable that tells a job's program which folder stands for `/opt/ml`. @default ML_ROOT */
  readonly mlRootVariable?: string
  /** Returns environment variables that a job's program gets in addition to those of its request. @default none */
  readonly jobEnvironment?: (folders: JobFolders) => Readonly<Record<string, string>>
  /**
   * Returns the function to call instead of a Task's resource, so that tests can inject failures. `arn` is the Task's
   * `Resource`.
   * @default the resource itself
   */
  readonly wrapResource?: (arn: string, resource: TaskResource) => TaskResource
}

/** A running local AWS with a stack deployed on it. SDK clients use it with `endpoint`, `region` and `credentials`. */
export interface LocalAws {
  /** URL of all services, such as `http://127.0.0.1:40123`. */
  readonly endpoint: string
  readonly region: string
  /**
   * Credentials that may do everything, for the user of this machine. They are new at every start. Apart from them only
   * the keys that functions, jobs and state machines get are accepted.
   */
  readonly credentials: Credentials
  /** The current deployment; `update` replaces it. */
  readonly deployment: LocalDeployment
  /** Invokes functions, and knows their processes. */
  readonly lambda: LambdaRuntime
  /** Creates and stops processing jobs, and knows their processes. */
  readonly jobs: SageMakerService
  /** Clock of the services, which a caller can make jump ahead. */
  readonly clock: AdvancingClock
  /** Messages of all requests that were refused for lack of permission or for an unknown access key, oldest first. */
  readonly refusals: readonly string[]
  /**
   * Updates the stack in place, as CloudFormation does, while executions run. New versions of functions and new images
   * do not replace earlier ones, which keep running with the current permissions of their roles. Running executions
   * keep their definition. A table is changed to its declaration only if the declaration has changed; a table that is
   * no longer declared is deleted unless it is retained. Buckets are never deleted.
   *
   * @throws LocalAwsError NotImplemented or InvalidConfiguration as at the start; then nothing has changed
   */
  update(deployment: LocalDeployment): Promise<void>
  /** Aborts executions, stops jobs, kills functions, cancels queries, then closes the endpoint. */
  close(): Promise<void>
}

/** Far longer than any lease: whatever an earlier process began is over when this one starts. */
const EARLIER_OBJECTS_ARE_OLDER_BY_SECONDS = 24 * 3600
/** A minute of waiting on AWS is three seconds here. */
const DEFAULT_WAIT_SCALE = 0.05

/**
 * Starts the services of a stack on the loopback interface, with the permissions of its roles. Its state is what
 * earlier starts with the same home have left.
 *
 * @throws LocalAwsError InvalidConfiguration or NotImplemented for a stack that cannot run here, CorruptState if the
 * home's clock file cannot be read
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

  // Children and services call the endpoint; its address is known once it listens.
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
    childEnvironment: (name, roleArn, folders) => ({
      ...childEnvironment((key) => access.jobStarts(key, name, roleArn)),
      [mlRootVariable]: folders.mlRoot,
      ...options.jobEnvironment?.(folders),
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
  /** A crawl that a function has started counts as part of its invocation. */
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

/** Drops lines that a full disk cannot take: only work that needs the room should fail. */
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
