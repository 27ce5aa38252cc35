import { readFileSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { AthenaClient } from '@aws-sdk/client-athena'
import { GlueClient } from '@aws-sdk/client-glue'
import { SageMakerClient } from '@aws-sdk/client-sagemaker'
import { S3Client } from '@aws-sdk/client-s3'
import { SFNClient } from '@aws-sdk/client-sfn'
import {
  LocalAwsError,
  startLocalAws,
  type LocalAws,
  type LocalAwsOptions,
  type LocalDeployment,
} from '@dayfold/local-aws'
import type { Target } from '../client/target.ts'
import { DEPLOYMENT_FILE, type DeployedDataset, type Deployment } from '../core/deployment.ts'
import { DayfoldError } from '../core/errors.ts'
import { registryFile } from '../lib/bundle/registry.ts'
import { STACK_OUTPUTS } from '../core/stack-outputs.ts'
import { sandboxFlags } from './sandbox-flags.ts'
import { localStack, PLACE, type LocalStackOptions } from './local-stack.ts'
import { keepInUse, synthesize, type Synthesis } from './synth/synthesize.ts'

/** The CDK app to synthesize: its folder, datasets and context. */
export interface LocalAppOptions {
  /** Folder with cdk.json. */
  readonly projectRoot: string
  /**
   * Module that exports `datasets`.
   * @default processing/datasets/index.ts
   */
  readonly registry?: string
  /** Context values that override those of cdk.json. @default nothing */
  readonly context?: Readonly<Record<string, string>>
}

/** The CDK app to deploy on this machine, and options that are passed on to local AWS. */
export interface DeployLocallyOptions
  extends
    LocalAppOptions,
    LocalStackOptions,
    Pick<
      LocalAwsOptions,
      | 'home'
      | 'mode'
      | 'log'
      | 'clock'
      | 'virtualClock'
      | 'invocationTakes'
      | 'standIn'
      | 'listings'
      | 'onListed'
      | 'faults'
      | 'limits'
      | 'waitScale'
      | 'wrapResource'
    > {
  /**
   * Returns the folders of this machine to show, read-only, below prefixes of the raw bucket. Called once, with the
   * deployed datasets. @default none
   */
  readonly mounts?: (
    datasets: readonly DeployedDataset[],
  ) => readonly { readonly prefix: string; readonly dir: string }[]
}

/** A running Dayfold on this machine: the services of local AWS with the app deployed on them. */
export interface LocalDayfold extends Omit<LocalAws, 'update'> {
  /** Names, clients and datasets of the newest deployment, for the functions of `client/`. */
  readonly target: Target
  /**
   * Synthesizes the app again, from the code as it is now, and deploys it. Executions that are running keep the release
   * that they started with.
   *
   * @throws DayfoldError as {@link deployLocally} does
   */
  update(options?: Pick<LocalAppOptions, 'registry' | 'context'>): Promise<void>
}

const RAW_BUCKET = 'raw'
/** Names of the buckets here, and no ready image: an image for AWS cannot run here, the bundled program does. */
const LOCAL_CONTEXT = { rawBucket: RAW_BUCKET, dataBucket: 'data', imageUri: null }

/**
 * Synthesizes the app's templates with the context that local AWS needs: its bucket names, and no ready image.
 *
 * @throws DayfoldError InvalidConfiguration or InvalidDataset if synth fails
 */
export function synthesizeLocally({ context, ...app }: LocalAppOptions): Promise<Synthesis> {
  return synthesize({ ...app, context: { ...LOCAL_CONTEXT, ...context } })
}

/**
 * Deploys Dayfold on this machine: synthesizes the app, resolves its templates, and serves the resources over HTTP on
 * the loopback interface until `close` is called.
 *
 * @throws DayfoldError InvalidConfiguration or InvalidDataset if synth fails; NotImplemented if a template has
 * something that cannot run here
 */
export async function deployLocally(options: DeployLocallyOptions): Promise<LocalDayfold> {
  const { projectRoot, registry, context, queryGraceSeconds, mounts = () => [], ...rest } = options
  const inUse: (() => void)[] = []
  const registries = new Set<string>()
  const deploymentOf = async (app: Pick<LocalAppOptions, 'registry' | 'context'>) => {
    const synthesis = await synthesizeLocally({ projectRoot, ...app })
    inUse.push(keepInUse(synthesis))
    if (app.registry !== undefined) registries.add(dirname(registryFile(app.registry)))
    return localStack(synthesis, { home: rest.home, queryGraceSeconds })
  }
  const aws = await inDayfoldsErrors(async () => {
    const deployment = await deploymentOf({ registry, context })
    const printedTo = printedFile(rest.home, rest.mode)
    return startLocalAws({
      ...rest,
      deployment,
      place: PLACE,
      buckets: [RAW_BUCKET],
      mlRootVariable: 'DAYFOLD_ML_ROOT',
      jobEnvironment: ({ program, mlRoot, temporary }) => ({
        DAYFOLD_PRINTED_TO: printedTo,
        DAYFOLD_PROGRESS_SECONDS: '1',
        DAYFOLD_NODE_FLAGS: JSON.stringify(
          sandboxFlags({ program, modules: [program, ...registries], write: [mlRoot, temporary] }),
        ),
      }),
      mounts: mounts(readDeployment(deployment).datasets).map((mount) => ({ bucket: RAW_BUCKET, ...mount })),
    })
  })
  const clients = clientsOf(aws)
  return {
    ...aws,
    get deployment() {
      return aws.deployment
    },
    get target() {
      return targetOf(aws.deployment, clients)
    },
    update: (app = {}) =>
      inDayfoldsErrors(async () => aws.update(await deploymentOf({ registry, context, ...app }))),
    async close() {
      await aws.close()
      for (const stop of inUse) stop()
      for (const client of Object.values(clients)) client.destroy()
    },
  }
}

/** File in the home with output of feature code in the newest run, and errors that it threw beside rejects. */
const PRINTED_FILE = 'feature-code.log'

/** Nobody else can read it here; in AWS such output is dropped, since it may be raw data. */
function printedFile(home: string, mode: DeployLocallyOptions['mode']): string {
  const file = resolve(home, PRINTED_FILE)
  if (mode === 'run') rmSync(file, { force: true })
  return file
}

function clientsOf({ endpoint, region, credentials }: LocalAws) {
  // The home's clock may be ahead of this process's, which is no reason to send a request again.
  const config = { endpoint, region, credentials, disableClockSkewCorrection: true }
  return {
    s3: new S3Client(config),
    sfn: new SFNClient(config),
    athena: new AthenaClient(config),
    glue: new GlueClient(config),
    sagemaker: new SageMakerClient(config),
  }
}

function targetOf(deployment: LocalDeployment, clients: ReturnType<typeof clientsOf>): Target {
  return {
    name: String(deployment.outputs[STACK_OUTPUTS.name]),
    dataBucket: String(deployment.outputs[STACK_OUTPUTS.dataBucket]),
    rawBucket: RAW_BUCKET,
    stateMachineArn: only(deployment.stateMachines, 'state machine').arn,
    database: only(deployment.databases, 'Glue database'),
    workgroup: only(deployment.workgroups, 'Athena workgroup').Name,
    datasets: readDeployment(deployment).datasets,
    clients,
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

/** Turns errors that local AWS raises on purpose into errors of Dayfold. */
async function inDayfoldsErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof LocalAwsError)) throw error
    const code = error.code === 'LimitExceeded' ? 'InvalidConfiguration' : error.code
    throw new DayfoldError(code, error.message, { cause: error })
  }
}
