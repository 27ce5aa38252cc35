import { randomUUID } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { isDeepStrictEqual } from 'node:util'
import { LocalAwsError } from '../errors.ts'
import type { Limits } from '../protocol/limits.ts'
import { qualifierOf, startProcess, type LambdaFunction, type LambdaProcess } from './process.ts'

export { LambdaFunctionError, type LambdaFunction } from './process.ts'

/** Options of {@link lambdaRuntime}: the functions, and the environment and number of their processes. */
export interface LambdaRuntimeOptions {
  /** Functions that can be invoked, and their published versions. */
  readonly functions: readonly LambdaFunction[]
  /**
   * Called for each new process. Returns environment variables to add to those of the function: the endpoint, and an
   * access key for this process alone.
   */
  childEnvironment(functionArn: string): Readonly<Record<string, string>>
  /**
   * Path of the Node program that runs the handlers.
   * @default this process's own
   */
  readonly execPath?: string
  /**
   * Returns the milliseconds by which the functions' clock is ahead of this machine's.
   * @default 0
   */
  readonly ahead?: () => number
  /**
   * Called with each line that a function prints.
   * @default lines are dropped
   */
  readonly log?: (functionName: string, line: string) => void
  /**
   * Maximum number of invocations at the same time, of all functions together; further ones wait.
   * @default the cores, at least 2: starting a process for a function takes a quarter of a second of a core
   */
  readonly maxConcurrency?: number
  /**
   * Maximum number of idle processes to keep for later invocations. It should be at least the number of processes that
   * one execution uses, or the next execution has to start new ones.
   * @default 16
   */
  readonly maxIdle?: number
  /** Limits of the simulated account. @default none */
  readonly limits?: Limits | undefined
}

/** The local Lambda: it runs functions in processes of this machine. */
export interface LambdaRuntime {
  /**
   * Invokes a function, or a version of it, and returns its answer. Uses an idle process of that function if there is
   * one.
   *
   * @throws LambdaFunctionError for an error of the function, a timeout or a process that died
   * @throws AwsError TooManyRequestsException beyond the limits
   * @throws LocalAwsError InvalidInput if there is no such function
   */
  invoke(nameOrArn: string, payload: unknown): Promise<{ readonly payload: unknown }>
  /** Replaces the functions and versions that can be invoked. Invocations in progress are not affected. */
  deploy(functions: readonly LambdaFunction[]): void
  /** Kills every process; invocations in progress fail. */
  close(): Promise<void>
  /** Returns the ids of all processes, busy and idle. */
  pids(): number[]
  /** Returns the id of the process that signs with an access key; undefined if it has been removed. */
  pidOf(accessKeyId: string): number | undefined
  /** Returns the seconds of user and system time that all processes so far have used, each up to its last answer. */
  cpuSeconds(): number
}

/**
 * Creates a local Lambda for functions bundled for deployment. Each invocation at a time gets a process of its own,
 * which is reused for later invocations of the same function.
 */
export function lambdaRuntime(options: LambdaRuntimeOptions): LambdaRuntime {
  const { execPath = process.execPath, log = () => undefined, maxIdle = 16 } = options
  const { ahead = () => 0 } = options
  const slots = semaphore(options.maxConcurrency ?? Math.max(2, availableParallelism()))
  let { functions } = options
  const processes = new Set<LambdaProcess>()
  /** Idle processes, the one used last at the end. */
  let idle: LambdaProcess[] = []
  let endedCpuSeconds = 0
  let isClosed = false

  const discard = async (ended: LambdaProcess) => {
    if (!processes.delete(ended)) return
    endedCpuSeconds += ended.cpuSeconds()
    await ended.kill()
  }
  const take = (definition: LambdaFunction): LambdaProcess => {
    const warm = idle.findLast(
      (candidate) => isDeepStrictEqual(candidate.function, definition) && candidate.isUsable(),
    )
    if (warm) {
      idle = idle.filter((candidate) => candidate !== warm)
      return warm
    }
    const childEnvironment = options.childEnvironment(definition.arn)
    const started = startProcess(definition, { childEnvironment, execPath, ahead, log })
    processes.add(started)
    return started
  }
  const giveBack = async (used: LambdaProcess) => {
    if (isClosed || !used.isUsable()) return discard(used)
    idle.push(used)
    if (idle.length > maxIdle) await discard(idle.shift()!)
  }

  return {
    async invoke(nameOrArn, payload) {
      const definition = functionOf(functions, nameOrArn)
      const giveUp = options.limits?.takeInvocation()
      const release = await slots()
      try {
        const used = take(definition)
        try {
          return { payload: await used.invoke(payload, randomUUID()) }
        } finally {
          await giveBack(used)
        }
      } finally {
        release()
        giveUp?.()
      }
    },
    deploy(changed) {
      functions = changed
    },
    async close() {
      isClosed = true
      idle = []
      await Promise.all([...processes].map(discard))
    },
    pids: () => [...processes].map(({ pid }) => pid),
    pidOf: (accessKeyId) => [...processes].find((candidate) => candidate.accessKeyId === accessKeyId)?.pid,
    cpuSeconds: () => [...processes].reduce((sum, running) => sum + running.cpuSeconds(), endedCpuSeconds),
  }
}

function functionOf(functions: readonly LambdaFunction[], nameOrArn: string): LambdaFunction {
  const wanted = nameOrArn.replace(/:\$LATEST$/, '')
  const found = functions.find((each) => [each.arn, shortName(each)].includes(wanted))
  if (found) return found
  const names = functions.map(shortName).join(', ')
  throw new LocalAwsError('InvalidInput', `Lambda function: expected one of ${names}, found "${nameOrArn}".`)
}

/** Returns the name with the version, if any: `plan` or `plan:7`. */
function shortName({ name, arn }: LambdaFunction): string {
  const qualifier = qualifierOf(arn)
  return qualifier === undefined ? name : `${name}:${qualifier}`
}

/** Returns a function that waits for one of `count` slots and resolves to a function that frees it. */
function semaphore(count: number): () => Promise<() => void> {
  let free = count
  const waiting: (() => void)[] = []
  const release = () => {
    const next = waiting.shift()
    if (next) next()
    else free++
  }
  return async () => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    return release
  }
}
