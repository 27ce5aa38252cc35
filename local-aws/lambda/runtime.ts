import { randomUUID } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { isDeepStrictEqual } from 'node:util'
import { LocalAwsError } from '../errors.ts'
import type { Limits } from '../protocol/limits.ts'
import { qualifierOf, startProcess, type LambdaFunction, type LambdaProcess } from './process.ts'

export { LambdaFunctionError, type LambdaFunction } from './process.ts'

export interface LambdaRuntimeOptions {
  /** Functions and versions of them. */
  readonly functions: readonly LambdaFunction[]
  /** Variables of a new process besides the function's own: where AWS is, an access key of its own. */
  childEnvironment(functionArn: string): Readonly<Record<string, string>>
  /**
   * The node that runs the handlers.
   * @default this process's own
   */
  readonly execPath?: string
  /**
   * Milliseconds that the functions' clock is ahead of this machine's.
   * @default 0
   */
  readonly ahead?: () => number
  /**
   * Gets each line that a function prints.
   * @default dropped
   */
  readonly log?: (functionName: string, line: string) => void
  /**
   * Invocations at once, of all functions together; more wait.
   * @default twice the cores
   */
  readonly maxConcurrency?: number
  /**
   * Processes that are kept though nothing calls them: fewer than one execution uses, and the next one finds none of
   * its functions warm.
   * @default 16
   */
  readonly maxIdle?: number
  /** @default none */
  readonly limits?: Limits | undefined
}

/** Lambda on this machine. */
export interface LambdaRuntime {
  /**
   * Invokes a function, or a version of it, and waits for its answer, in a warm process when there is one.
   *
   * @throws LambdaFunctionError for what the function threw, a timeout or a process that died
   * @throws AwsError TooManyRequestsException where limits say so
   * @throws LocalAwsError InvalidInput when there is no such function
   */
  invoke(nameOrArn: string, payload: unknown): Promise<{ readonly payload: unknown }>
  /** Functions and versions from now on; what is under way goes on as it is. */
  deploy(functions: readonly LambdaFunction[]): void
  /** Kills every process. */
  close(): Promise<void>
  /** Ids of the processes that run or wait. */
  pids(): number[]
  /** The process that was given an access key, or undefined when it is gone. */
  pidOf(accessKeyId: string): number | undefined
  /** User and system time of all processes so far, as each of them told with its last answer. */
  cpuSeconds(): number
}

/**
 * Runs Lambda functions as bundled for deployment: a process for each invocation that is under way, reused for later
 * ones of the same function.
 */
export function lambdaRuntime(options: LambdaRuntimeOptions): LambdaRuntime {
  const { execPath = process.execPath, log = () => undefined, maxIdle = 16 } = options
  const { ahead = () => 0 } = options
  const slots = semaphore(options.maxConcurrency ?? 2 * availableParallelism())
  let { functions } = options
  const processes = new Set<LambdaProcess>()
  /** The one used last stands last. */
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

/** `plan`, or `plan:7`. */
function shortName({ name, arn }: LambdaFunction): string {
  const qualifier = qualifierOf(arn)
  return qualifier === undefined ? name : `${name}:${qualifier}`
}

/** Gives out `count` slots; each is given back by calling what it resolved to. */
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
