import {
  CreateProcessingJobCommand,
  DescribeProcessingJobCommand,
  ListProcessingJobsCommand,
  StopProcessingJobCommand,
  type CreateProcessingJobRequest,
  type DescribeProcessingJobResponse,
  type ListProcessingJobsRequest,
} from '@aws-sdk/client-sagemaker'
import { SYSTEM_CLOCK, type Clock } from '../clock.ts'
import { authorizeBy, type Authorize } from '../iam/access.ts'
import { AwsError } from '../protocol/aws-error.ts'
import { jsonService, operation } from '../protocol/aws-json.ts'
import type { Faults } from '../protocol/faults.ts'
import type { Limits } from '../protocol/limits.ts'
import { DEFAULT_PLACE, type Place } from '../protocol/place.ts'
import type { Service } from '../protocol/service.ts'
import type { Complete } from '../protocol/shapes.ts'
import { SYSTEM_TIMERS, type Timers } from '../timers.ts'
import { sagemakerAccesses } from './accesses.ts'
import { describeJob, summarizeJob } from './answers.ts'
import { openJobStore } from './jobs.ts'
import { openRunner, type ChildEnvironment, type Program, type StandIn } from './runner.ts'
import { JOB, LISTED, ONE_JOB } from './served.ts'

export interface SageMakerOptions {
  /** Folder of all state. */
  readonly home: string
  /** @default us-east-1, account 000000000000 */
  readonly place?: Place
  /** The program in an image: its own entry point, and the folder that it runs in. */
  readonly program: (imageUri: string) => Program
  readonly childEnvironment: ChildEnvironment
  /**
   * From SIGINT to SIGKILL when a job is stopped.
   * @default 120, as AWS has it
   */
  readonly stopGraceSeconds?: number | undefined
  /** Told when a job starts and ends. @default nothing */
  readonly log?: ((message: string) => void) | undefined
  /**
   * @throws AwsError AccessDeniedException
   * @default everybody may do everything
   */
  readonly authorize?: Authorize | undefined
  /** What jobs' times are told by, and what they wait on for their instances. @default this machine's clock */
  readonly clock?: Pick<Clock, 'now' | 'sleep'> | undefined
  /** What stops a job at the end of its time. @default this machine's */
  readonly timers?: Timers | undefined
  /** @default the program of the image */
  readonly standIn?: StandIn | undefined
  /** @default none */
  readonly limits?: Limits | undefined
  /** @default the service behaves */
  readonly faults?: Faults | undefined
}

/** The local SageMaker Processing. */
export interface SageMakerService extends Service {
  /**
   * CreateProcessingJob.
   *
   * @throws AwsError ValidationException for a bad request, ResourceInUse for a name that was used before,
   * ThrottlingException and ResourceLimitExceeded where limits say so
   */
  create(request: unknown): Promise<{ readonly ProcessingJobArn: string }>
  /** DescribeProcessingJob. @throws AwsError ResourceNotFound */
  describe(name: string): Promise<Complete<DescribeProcessingJobResponse>>
  /** StopProcessingJob; a job that has ended stays as it is. @throws AwsError ResourceNotFound */
  stop(name: string): Promise<void>
  /** Resolves when a job of this process has ended; at once for any other. */
  ended(name: string): Promise<void>
  /** Process ids of the programs that run. */
  pids(): number[]
  /** The process that was given an access key, or undefined when it is gone. */
  pidOf(accessKeyId: string): number | undefined
  /** Stops every job, with two seconds of grace, and waits for their end. */
  close(): Promise<void>
}

const BAD_REQUEST = 'ValidationException'

/** SageMaker Processing that runs each job's program as a process of this machine. */
export function sagemakerService(options: SageMakerOptions): SageMakerService {
  const store = openJobStore(options.home)
  const { place = DEFAULT_PLACE, clock = SYSTEM_CLOCK, timers = SYSTEM_TIMERS } = options
  const runner = openRunner({
    ...options,
    place,
    store,
    clock,
    timers,
    stopGraceSeconds: options.stopGraceSeconds ?? 120,
    startSeconds: options.limits?.startSeconds ?? 0,
  })
  const read = (name: string) => store.read(name, runner.runs(name))

  async function start(request: Complete<CreateProcessingJobRequest>) {
    // AWS keeps tags apart: they are no part of the job's description.
    delete request.Tags
    const { InstanceCount, InstanceType } = request.ProcessingResources.ClusterConfig
    if (InstanceCount === undefined || InstanceType === undefined) {
      throw new AwsError(BAD_REQUEST, 'ClusterConfig: expected an InstanceCount and an InstanceType.')
    }
    const giveBack = options.limits?.takeInstances({
      name: request.ProcessingJobName,
      type: InstanceType,
      count: InstanceCount,
    })
    try {
      const ProcessingJobArn = await runner.start(request)
      void runner.ended(request.ProcessingJobName).finally(giveBack)
      return { ProcessingJobArn }
    } catch (error) {
      giveBack?.()
      throw error
    }
  }
  const create = operation(CreateProcessingJobCommand, JOB, start)
  const describe = async (name: string) => describeJob(await read(name))
  async function stop(name: string) {
    await read(name)
    await runner.stop(name)
  }
  async function list(wanted: Complete<ListProcessingJobsRequest>) {
    const names = (await store.names()).filter((name) => name.includes(wanted.NameContains ?? ''))
    const jobs = await Promise.all(names.map(read))
    const after = wanted.CreationTimeAfter?.getTime() ?? 0
    const found = jobs.filter(
      ({ status, createdAt }) =>
        createdAt > after && (!wanted.StatusEquals || status === wanted.StatusEquals),
    )
    found.sort((left, right) => right.createdAt - left.createdAt)
    return { ProcessingJobSummaries: found.slice(0, wanted.MaxResults ?? 100).map(summarizeJob) }
  }

  const service = jsonService({
    signingName: 'sagemaker',
    targetPrefix: 'SageMaker',
    version: '1.1',
    badRequest: BAD_REQUEST,
    authorize: authorizeBy(options.authorize, sagemakerAccesses(place)),
    faults: options.faults,
    operations: {
      CreateProcessingJob: create,
      DescribeProcessingJob: operation(DescribeProcessingJobCommand, ONE_JOB, ({ ProcessingJobName }) =>
        describe(ProcessingJobName),
      ),
      StopProcessingJob: operation(StopProcessingJobCommand, ONE_JOB, ({ ProcessingJobName }) =>
        stop(ProcessingJobName),
      ),
      ListProcessingJobs: operation(ListProcessingJobsCommand, LISTED, list),
    },
  })
  return {
    ...service,
    create: async (request) => start(create.read(request, BAD_REQUEST)),
    describe,
    stop,
    ended: (name) => runner.ended(name),
    pids: () => runner.pids(),
    pidOf: (accessKeyId) => runner.pidOf(accessKeyId),
    close: () => runner.close(),
  }
}
