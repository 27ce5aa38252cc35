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

/** Options of {@link sagemakerService}. */
export interface SageMakerOptions {
  /** Folder of all state, in which jobs are stored. */
  readonly home: string
  /** Region and account in ARNs. @default us-east-1, account 000000000000 */
  readonly place?: Place
  /** Returns the command that runs the program of an image; called once per job. */
  readonly program: (imageUri: string) => Program
  /** Returns environment variables for a job's program, beside those of its request. */
  readonly childEnvironment: ChildEnvironment
  /**
   * Seconds between SIGINT and SIGKILL when a job is stopped.
   * @default 120, as on AWS
   */
  readonly stopGraceSeconds?: number | undefined
  /** Called with a message for people when a job starts, ends, or its end cannot be stored. @default no call */
  readonly log?: ((message: string) => void) | undefined
  /**
   * Checks that the sender of a request has the permissions that it needs.
   * @throws AwsError AccessDeniedException
   * @default no check: every caller may do everything
   */
  readonly authorize?: Authorize | undefined
  /** Clock for the times of jobs, and for the wait before their programs start. @default this machine's clock */
  readonly clock?: Pick<Clock, 'now' | 'sleep'> | undefined
  /** Timers that stop a job after its maximum run time. @default this machine's timers */
  readonly timers?: Timers | undefined
  /** Called instead of starting a job's program, to do its work in this process. @default programs run */
  readonly standIn?: StandIn | undefined
  /** Limits of the simulated account. @default none */
  readonly limits?: Limits | undefined
  /** Faults to inject into calls. @default none */
  readonly faults?: Faults | undefined
}

/** The local SageMaker Processing. State machines use its methods; SDK clients use it over HTTP. */
export interface SageMakerService extends Service {
  /**
   * Serves CreateProcessingJob: checks the request, starts the job and returns its ARN.
   *
   * @throws AwsError ValidationException for a bad request, ResourceInUse for a name that was used before,
   * ThrottlingException and ResourceLimitExceeded beyond the limits
   */
  create(request: unknown): Promise<{ readonly ProcessingJobArn: string }>
  /**
   * Serves DescribeProcessingJob for the job with a name.
   *
   * @throws AwsError ResourceNotFound if there is no such job
   */
  describe(name: string): Promise<Complete<DescribeProcessingJobResponse>>
  /**
   * Serves StopProcessingJob: asks the job to stop and returns before it has ended. A job that has ended stays as it
   * is.
   *
   * @throws AwsError ResourceNotFound if there is no such job
   */
  stop(name: string): Promise<void>
  /** Resolves when a job has ended and is stored; at once for a job that this process does not run. */
  ended(name: string): Promise<void>
  /** Returns the process ids of all running programs. */
  pids(): number[]
  /** Returns the id of the process that signs with an access key; undefined if it is gone. */
  pidOf(accessKeyId: string): number | undefined
  /** Stops all jobs with two seconds of grace, and resolves when they have ended. */
  close(): Promise<void>
}

const BAD_REQUEST = 'ValidationException'

/**
 * Creates the local SageMaker Processing, which runs each job's program as a process of this machine. Pass the result
 * to `startEndpoint`.
 */
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
    // AWS stores tags separately: they are not part of the job's description.
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
