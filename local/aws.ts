import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AthenaClient } from '@aws-sdk/client-athena'
import { GlueClient } from '@aws-sdk/client-glue'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { SFNClient } from '@aws-sdk/client-sfn'
import type { Target } from '../client/target.ts'
import { DEPLOYMENT_FILE, type Deployment } from '../core/deployment.ts'
import { DayfoldError } from '../core/errors.ts'
import { STACK_OUTPUTS } from '../core/stack-outputs.ts'
import { athenaService } from './athena/service.ts'
import { startEndpoint } from './endpoint.ts'
import type { Faults } from './faults.ts'
import type { CrawlerDeclaration } from './glue/crawlers.ts'
import { glueService } from './glue/service.ts'
import { authorizedJobs, authorizedLambda } from './iam/machine-access.ts'
import { MACHINE_CALLER, openStackAccess } from './iam/stack-access.ts'
import { imageProgram } from './image-command.ts'
import { lambdaRuntime, type LambdaRuntime } from './lambda.ts'
import { s3Service } from './s3/service.ts'
import { sagemakerService, type SageMakerService } from './sagemaker/service.ts'
import {
  LAMBDA_INVOKE,
  lambdaResource,
  PROCESSING_JOB,
  processingJobResource,
  stepFunctionsService,
  type ObjectStore,
  type TaskResource,
} from './step-functions/index.ts'
import { synthesize } from './synth.ts'
import { resolveTemplate, type LocalDeployment } from './template.ts'

export interface LocalAwsOptions {
  /** Folder that holds cdk.json. */
  readonly projectRoot: string
  /** Folder of all state; made when absent. */
  readonly home: string
  /**
   * Module that exports `datasets`.
   * @default processing/datasets/index.ts
   */
  readonly registry?: string
  /** Folders shown at prefixes of the raw bucket, read only. @default none */
  readonly mounts?: readonly { readonly prefix: string; readonly dir: string }[]
  /** Stands above the context of cdk.json. @default nothing */
  readonly context?: Readonly<Record<string, string>>
  /**
   * `run`: this process alone works on the home, and whatever an earlier one left running is over. `read`: another
   * process may be at work; nothing of its is touched.
   */
  readonly mode: 'run' | 'read'
  /** Told what functions and jobs print, and what is being prepared. @default nothing */
  readonly log?: (line: string) => void
  /** @default everything behaves */
  readonly faults?: Faults
  /** Seconds that the definition waits are multiplied by it. @default 0.05 */
  readonly waitScale?: number
  /** Put in front of a Task's resource, for tests that inject failures. @default nothing */
  readonly wrapResource?: (arn: string, resource: TaskResource) => TaskResource
}

/** The services that this project uses, on this machine, with the stack deployed. */
export interface LocalAws {
  /** Such as `http://127.0.0.1:40123`. */
  readonly endpoint: string
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  readonly target: Target
  readonly deployment: LocalDeployment
  readonly lambda: LambdaRuntime
  readonly jobs: SageMakerService
  /** Requests of functions, jobs and the state machine that their roles do not allow, and which were refused. */
  readonly refusals: readonly string[]
  /** Stops executions, jobs and functions, then the endpoint. */
  close(): Promise<void>
}

/** Any valid region and account do: nothing leaves this machine. */
const REGION = 'us-east-1'
const ACCOUNT = '000000000000'
const SECRET = 'local'
/** Of whoever sits at this machine, and may do everything. */
const CLIENT_KEY = 'LOCALCLIENT'
const RAW_BUCKET = 'raw'
/** The local Athena asks the catalog again when a partition moves while it lists: there is nothing to wait for. */
const LOCAL_CONTEXT = { rawBucket: RAW_BUCKET, settleSeconds: '0' }
/** Far longer than any lease: what an earlier process began is over when this one starts. */
const EARLIER_OBJECTS_ARE_OLDER_BY_SECONDS = 24 * 3600
/** A minute of waiting for AWS is three seconds here. */
const DEFAULT_WAIT_SCALE = 0.05

/**
 * Starts AWS on this machine: synthesizes the app, resolves its template and serves what it deploys on the loopback
 * interface.
 *
 * @throws DayfoldError InvalidConfiguration, InvalidDataset when synth fails
 */
export async function startLocalAws(options: LocalAwsOptions): Promise<LocalAws> {
  const { home, projectRoot, mode, mounts = [], log = () => undefined, faults } = options
  const { directory, template, assets } = await synthesize({
    projectRoot,
    context: { ...LOCAL_CONTEXT, ...options.context },
    ...(options.registry !== undefined && { registry: options.registry }),
  })
  const deployment = resolveTemplate(template, { region: REGION, account: ACCOUNT, directory, assets })
  for (const bucket of [...deployment.buckets, RAW_BUCKET])
    mkdirSync(join(home, 's3', bucket), { recursive: true })

  const place = { region: REGION, account: ACCOUNT }
  const access = openStackAccess({ deployment, place, administrators: [CLIENT_KEY], log })
  const s3 = s3Service({
    root: join(home, 's3'),
    metaRoot: join(home, 's3-meta'),
    mounts: mounts.map((mount) => ({ bucket: RAW_BUCKET, ...mount })),
    ...(mode === 'run' && { ageEarlierObjectsSeconds: EARLIER_OBJECTS_ARE_OLDER_BY_SECONDS }),
    authorize: access.s3,
    faults,
  })
  const { filePath, listObjects } = s3
  const database = only(deployment.databases, 'Glue database')
  const glue = glueService({
    home,
    database,
    tables: deployment.tables.map((table) => table.input),
    crawlers: deployment.crawlers as unknown as readonly CrawlerDeclaration[],
    filePath,
    dataFor: access.crawlerData,
    authorize: access.glue,
    faults,
  })
  const athena = athenaService({
    home,
    workgroups: deployment.workgroups,
    catalog: glue.catalog,
    filePath,
    listObjects,
    permissions: access.athena,
    faults,
  })

  // Children and services call the endpoint, whose address is known once it listens.
  let url = ''
  let children = 0
  const newKey = (name: string) =>
    `LOCAL${String(++children).padStart(8, '0')}${name.replace(/[^A-Za-z0-9]/g, '')}`.slice(0, 60)
  const childEnvironment = (accessKeyId: string) => ({
    AWS_ENDPOINT_URL: url,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: SECRET,
  })
  const lambda = lambdaRuntime({
    functions: deployment.functions,
    childEnvironment(name) {
      const key = newKey(name)
      access.functionStarts(key, name)
      return childEnvironment(key)
    },
    log: (name, line) => log(`${name}: ${line}`),
  })
  const images = new Map(deployment.images.map((image) => [image.uri, image.directory]))
  const jobs = sagemakerService({
    home,
    program: (uri) => imageProgram(images.get(uri) ?? only([], `image ${uri}`)),
    childEnvironment(name, roleArn) {
      const key = newKey(name)
      access.jobStarts(key, name, roleArn)
      return childEnvironment(key)
    },
    authorize: access.sagemaker,
    log,
    faults,
  })
  const machine = { authorize: access.authorize, caller: MACHINE_CALLER }
  const arnOf = (name: string) => deployment.functions.find((found) => found.name === name)?.arn ?? name
  const wrap = options.wrapResource ?? ((_, resource) => resource)
  const states = stepFunctionsService({
    home,
    machines: deployment.stateMachines,
    resources: {
      [LAMBDA_INVOKE]: wrap(LAMBDA_INVOKE, lambdaResource(authorizedLambda(lambda, { ...machine, arnOf }))),
      [PROCESSING_JOB]: wrap(
        PROCESSING_JOB,
        processingJobResource(authorizedJobs(jobs, { ...machine, place })),
      ),
    },
    objects: objectStore(() => machineS3),
    authorize: access.states,
    waitScale: options.waitScale ?? DEFAULT_WAIT_SCALE,
    abortEarlier: mode === 'run',
    faults,
  })
  const endpoint = await startEndpoint({ services: [s3, glue, athena, jobs, states] })
  url = endpoint.url
  const credentials = { accessKeyId: CLIENT_KEY, secretAccessKey: SECRET }
  const config = { endpoint: url, region: REGION, credentials }
  const machineS3 = new S3Client({ ...config, credentials: { ...credentials, ...MACHINE_CALLER } })
  const clients = {
    s3: new S3Client(config),
    sfn: new SFNClient(config),
    athena: new AthenaClient(config),
    glue: new GlueClient(config),
  }
  return {
    endpoint: url,
    region: REGION,
    credentials,
    deployment,
    lambda,
    jobs,
    refusals: access.refusals,
    target: {
      dataBucket: String(deployment.outputs[STACK_OUTPUTS.dataBucket]),
      stateMachineArn: only(deployment.stateMachines, 'state machine').arn,
      database,
      workgroup: only(deployment.workgroups, 'Athena workgroup').Name,
      datasets: readDeployment(deployment).datasets,
      clients,
    },
    async close() {
      await states.close()
      await jobs.close()
      await lambda.close()
      await glue.idle()
      await athena.close()
      for (const client of [machineS3, ...Object.values(clients)]) client.destroy()
      await endpoint.close()
    },
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

function readDeployment(deployment: LocalDeployment): Deployment {
  const [handler] = deployment.functions
  if (!handler) return only([], 'Lambda function')
  return JSON.parse(readFileSync(join(handler.directory, DEPLOYMENT_FILE), 'utf8')) as Deployment
}

function only<T>(found: readonly T[], what: string): T {
  if (found.length === 1) return found[0]!
  throw new DayfoldError('InvalidConfiguration', `Template: expected one ${what}, found ${found.length}.`)
}
