import { mkdir, rm } from 'node:fs/promises'
import type { Clock } from '../clock.ts'
import { homePaths } from '../home/paths.ts'
import type { Timers } from '../timers.ts'
import { asAwsError } from '../protocol/aws-error.ts'
import type { Place } from '../protocol/place.ts'
import { jobArn } from './accesses.ts'
import { DEFAULT_MAX_RUNTIME_SECONDS } from './answers.ts'
import { exitMessage, startContainer, startLater, type Container } from './container.ts'
import type { Job, JobRequest, JobStore } from './jobs.ts'
import { makeMlFolder } from './ml-folder.ts'

/** Command on this machine that runs the program of an image. */
export interface Program {
  /** Program and arguments in place of the image's ENTRYPOINT. */
  readonly command: readonly string[]
  /** Working directory. */
  readonly directory: string
}

/** Options of {@link openRunner}. Those not described here have the meaning that they have in `SageMakerOptions`. */
export interface RunnerOptions {
  readonly home: string
  readonly place: Place
  readonly store: JobStore
  /**
   * Returns the program of the image with a URI.
   *
   * @throws AwsError for an image that does not exist
   */
  readonly program: (imageUri: string) => Program
  readonly childEnvironment: ChildEnvironment
  readonly stopGraceSeconds: number
  readonly clock: Pick<Clock, 'now' | 'sleep'>
  readonly timers: Timers
  /** Does the work of a job in place of the program of its image. @default the program of the image */
  readonly standIn?: StandIn | undefined
  /** Seconds on `clock` between the creation of a job and the start of its program; 0 or more. */
  readonly startSeconds: number
  readonly log?: ((message: string) => void) | undefined
}

/**
 * Does the work of a job in this process instead of starting its program, for tests and simulations. It is called when
 * the job is created and returns a container whose `exited` resolves when the work is done.
 */
export type StandIn = (job: {
  readonly request: JobRequest
  /** Environment variables that the program would get. */
  readonly environment: Readonly<Record<string, string>>
  /** Folder that stands for `/opt/ml`. */
  readonly mlRoot: string
}) => Container

/** Folders of a job's program. All of them exist when it starts. */
export interface JobFolders {
  /** Folder of the program, in place of the image's files. */
  readonly program: string
  /** Folder that is `/opt/ml` in a container. */
  readonly mlRoot: string
  /** Temporary folder, which is removed when the job ends. The program finds it in `TMPDIR`. */
  readonly temporary: string
}

/**
 * Returns environment variables that a job's program gets in addition to those of its request: region, endpoint,
 * credentials, and the folder that stands for `/opt/ml`. Called once per job, before its program starts.
 */
export type ChildEnvironment = (
  jobName: string,
  roleArn: string,
  folders: JobFolders,
) => Readonly<Record<string, string>>

/** Runs processing jobs, each as a child process of this process. */
export interface Runner {
  /**
   * Starts a job and returns its ARN; the job runs on.
   *
   * @throws AwsError ResourceInUse for a name that was used before, or an error about the image
   */
  start(request: JobRequest): Promise<string>
  /** Returns true while this process runs the job with that name. */
  runs(name: string): boolean
  /**
   * Asks a job to stop, as StopProcessingJob does; resolves before it has ended. Does nothing for a job that this
   * process does not run.
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

interface Running {
  readonly container: Container
  /** Access key that the program signs its calls with. */
  readonly accessKeyId: string | undefined
  readonly done: Promise<void>
  /** Writes a change of the job's record; changes are written in order. */
  readonly update: (change: Partial<Job>) => Promise<void>
  stopped: boolean
}

const CLOSE_GRACE_SECONDS = 2

/**
 * Creates a runner of processing jobs. Their programs are killed when this process ends, even if it is killed itself.
 */
export function openRunner(options: RunnerOptions): Runner {
  const { home, store, clock, timers, log = () => {} } = options
  const paths = homePaths(home)
  const running = new Map<string, Running>()

  async function start(request: JobRequest): Promise<string> {
    const name = request.ProcessingJobName
    const arn = jobArn(options.place, name)
    const program = options.program(request.AppSpecification.ImageUri)
    await store.claim(name)
    const now = clock.now()
    const job: Job = {
      name,
      arn,
      request,
      status: 'InProgress',
      owner: process.pid,
      createdAt: now,
      modifiedAt: now,
    }
    const mlRoot = paths.mlRoot(name)
    const temporary = paths.jobTemporary(name)
    await makeMlFolder(mlRoot, arn, request)
    await mkdir(temporary)
    await store.write(job)
    const folders = { program: program.directory, mlRoot, temporary }
    const instance: Readonly<Record<string, string>> = {
      TMPDIR: temporary,
      ...options.childEnvironment(name, request.RoleArn, folders),
    }
    const container = launch(options, program, request, instance, mlRoot)
    const update = updates(store, job, clock)
    const accessKeyId = instance['AWS_ACCESS_KEY_ID']
    const state: Running = { container, accessKeyId, update, stopped: false, done: Promise.resolve() }
    const inTime = timers.limit(maxRuntime(request) * 1000, () => void stopJob(name))
    const lost = (error: unknown) =>
      log(`Job ${name}: its end could not be kept. ${asAwsError(error).message}`)
    const done = follow(state, name, mlRoot)
      .catch(lost)
      .finally(() => {
        inTime()
        running.delete(name)
      })
    running.set(name, Object.assign(state, { done }))
    log(`Job ${name} has started.`)
    return arn
  }

  async function follow(state: Running, name: string, mlRoot: string): Promise<void> {
    const code = await state.container.exited
    await rm(paths.jobTemporary(name), { recursive: true, force: true })
    const outcome = outcomeOf(code, state.stopped, await exitMessage(mlRoot))
    await state.update({ ...outcome, endedAt: clock.now() })
    log(`Job ${name} has ended: ${outcome.status}.`)
  }

  async function stopJob(name: string, graceSeconds?: number): Promise<void> {
    const state = running.get(name)
    if (!state) return
    state.stopped = true
    // In the same turn of the event loop: the program works on until it gets the signal.
    const told = state.update({ status: 'Stopping' })
    state.container.stop(graceSeconds)
    await told
  }

  return {
    start,
    runs: (name) => running.has(name),
    stop: (name) => stopJob(name),
    ended: async (name) => running.get(name)?.done,
    pids: () => [...running.values()].flatMap(({ container }) => container.pid ?? []),
    pidOf: (accessKeyId) =>
      [...running.values()].find((candidate) => candidate.accessKeyId === accessKeyId)?.container.pid,
    async close() {
      const all = [...running]
      await Promise.all(all.map(([name]) => stopJob(name, CLOSE_GRACE_SECONDS)))
      await Promise.all(all.map(([, { done }]) => done))
    },
  }
}

const maxRuntime = ({ StoppingCondition }: JobRequest) =>
  StoppingCondition?.MaxRuntimeInSeconds ?? DEFAULT_MAX_RUNTIME_SECONDS

function launch(
  options: RunnerOptions,
  program: Program,
  request: JobRequest,
  instance: Readonly<Record<string, string>>,
  mlRoot: string,
): Container {
  const { ProcessingJobName: name, AppSpecification: app, Environment = {} } = request
  // Instances on AWS run in UTC.
  const environment = { PATH: process.env.PATH ?? '', TZ: 'UTC', ...instance, ...Environment }
  if (options.standIn) return options.standIn({ request, environment, mlRoot })
  const command = [...(app.ContainerEntrypoint ?? program.command), ...(app.ContainerArguments ?? [])]
  const logFile = homePaths(options.home).jobLog(name)
  const { directory } = program
  const start = () =>
    startContainer({ command, directory, environment, logFile, graceSeconds: options.stopGraceSeconds })
  const { clock, startSeconds } = options
  return startSeconds === 0
    ? start()
    : startLater((signal) => clock.sleep(startSeconds * 1000, signal), start)
}

function outcomeOf(code: number, stopped: boolean, message: string | undefined) {
  const said = message === undefined ? {} : { exitMessage: message }
  if (stopped) return { status: 'Stopped' as const, ...said }
  if (code === 0) return { status: 'Completed' as const, ...said }
  const failureReason = `AlgorithmError: See job logs for more information, exit code: ${code}`
  return { status: 'Failed' as const, failureReason, ...said }
}

/** Returns a function that writes changes of a job one after another and drops those after its end. */
function updates(
  store: JobStore,
  first: Job,
  clock: Pick<Clock, 'now'>,
): (change: Partial<Job>) => Promise<void> {
  let job = first
  let last: Promise<void> = Promise.resolve()
  return (change) => {
    if (job.endedAt === undefined) {
      job = { ...job, ...change, modifiedAt: clock.now() }
      const snapshot = job
      last = last.then(() => store.write(snapshot))
    }
    return last
  }
}
