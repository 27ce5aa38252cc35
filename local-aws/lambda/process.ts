import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { devNull } from 'node:os'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { transformSync } from 'esbuild'
import type { InvokeMessage, ProcessMessage } from './messages.ts'

/** A deployed Lambda function, or a published version of one, with everything that is needed to run it. */
export interface LambdaFunction {
  readonly name: string
  /** ARN of the function; that of a version ends in `:` and the version's number. */
  readonly arn: string
  /** Folder that holds the handler's file. */
  readonly directory: string
  /**
   * Name of the handler's file without `.mjs`, a dot, and the name of the exported function, such as `index.handler`.
   */
  readonly handler: string
  /** Environment variables that the function declares. */
  readonly environment: Readonly<Record<string, string>>
  /** Seconds after which an invocation fails and its process is killed. */
  readonly timeoutSeconds: number
}

/**
 * Says that an invocation failed because the function threw an error, ran out of time, could not be loaded, or its
 * process died. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
 */
export class LambdaFunctionError extends Error {
  /** The name of the thrown error, or `Sandbox.Timedout` or `Runtime.ExitError`. */
  readonly errorType: string
  readonly errorMessage: string
  /** The stack of the thrown error, line by line; undefined for a timeout or a dead process. */
  readonly trace: readonly string[] | undefined

  constructor(errorType: string, errorMessage: string, trace?: readonly string[]) {
    super(errorMessage)
    this.name = errorType
    this.errorType = errorType
    this.errorMessage = errorMessage
    this.trace = trace
  }
}

/**
 * Returns the version number or alias at the end of a function's ARN, such as `7` of
 * `arn:aws:lambda:…:function:plan:7`; undefined for the ARN of the function itself.
 */
export const qualifierOf = (arn: string): string | undefined => arn.split(':')[7]

/** A process on this machine that runs the handler of one function, for one event at a time. */
export interface LambdaProcess {
  readonly function: LambdaFunction
  readonly pid: number
  /** Access key with which the function signs its calls; undefined if its environment contains none. */
  readonly accessKeyId: string | undefined
  /** Returns true as long as the process can take another event: it has neither died nor been told to end. */
  isUsable(): boolean
  /** Returns the seconds of user and system time that the process had used at its last answer; 0 before. */
  cpuSeconds(): number
  /**
   * Passes an event to the handler and returns its answer. Must not be called again before that.
   *
   * @throws LambdaFunctionError for an error of the handler, a timeout, or the death of the process
   */
  invoke(event: unknown, requestId: string): Promise<unknown>
  /** Kills the process and resolves when it has ended. */
  kill(): Promise<void>
}

/** Options of {@link startProcess}. */
export interface StartOptions {
  /** Environment variables that point to the local AWS: endpoint, region and credentials. */
  readonly childEnvironment: Readonly<Record<string, string>>
  /** Path of the Node program that runs the handler. */
  readonly execPath: string
  /** Returns the milliseconds by which the function's clock is to be ahead of this machine's; called once per event. */
  readonly ahead: () => number
  /** Called with each line that the function prints. */
  readonly log: (functionName: string, line: string) => void
}

/**
 * Starts the process of a function and returns at once; the handler is loaded meanwhile. A failure to start is reported
 * by the first `invoke`.
 */
export function startProcess(definition: LambdaFunction, options: StartOptions): LambdaProcess {
  const { childEnvironment, execPath, ahead, log } = options
  const flags = ['--no-warnings', '--input-type=module', '--eval', bootstrap()]
  const child = spawn(execPath, flags, {
    env: environmentOf(definition, childEnvironment),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface({ input: stream }).on('line', (line) => {
      log(definition.name, line)
    })
  }
  const state = { isUsable: true, cpuSeconds: 0 }
  child.once('exit', () => {
    state.isUsable = false
  })
  const exited = once(child, 'exit')
  // A process that could not be started is reported by the invocation that waits for it.
  exited.catch(() => undefined)
  child.on('message', ({ cpuSeconds }: ProcessMessage) => {
    state.cpuSeconds = cpuSeconds
  })
  return {
    function: definition,
    pid: child.pid!,
    accessKeyId: childEnvironment.AWS_ACCESS_KEY_ID,
    isUsable: () => state.isUsable,
    cpuSeconds: () => state.cpuSeconds,
    async invoke(event, requestId) {
      try {
        return await exchange(child, definition, { event, requestId, ahead: ahead() })
      } catch (error) {
        // The process stays usable after an error of the handler, but not after a timeout or a failed load.
        if (!(error instanceof HandlerError)) {
          state.isUsable = false
          child.kill('SIGKILL')
        }
        throw error
      }
    },
    async kill() {
      state.isUsable = false
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await exited
    },
  }
}

/** An error that the handler itself threw. */
class HandlerError extends LambdaFunctionError {}

const TIMED_OUT = 'Sandbox.Timedout'
const EXITED = 'Runtime.ExitError'

function exchange(
  child: ChildProcess,
  { arn, timeoutSeconds }: LambdaFunction,
  { event, requestId, ahead }: Pick<InvokeMessage, 'event' | 'requestId' | 'ahead'>,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timeoutMs = timeoutSeconds * 1000
    const timer = setTimeout(() => {
      const seconds = timeoutSeconds.toFixed(2)
      const message = `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`
      fail(new LambdaFunctionError(TIMED_OUT, message))
    }, timeoutMs)
    const settle = () => {
      clearTimeout(timer)
      child.off('message', answered).off('exit', exited).off('error', exited)
    }
    const fail = (error: Error) => {
      settle()
      reject(error)
    }
    const answered = (message: ProcessMessage) => {
      if (message.kind === 'result') {
        settle()
        resolve(message.payload)
      } else {
        const { errorType, errorMessage, trace } = message.error
        const Kind = message.kind === 'error' ? HandlerError : LambdaFunctionError
        fail(new Kind(errorType, errorMessage, trace))
      }
    }
    const exited = (how: number | null | Error, signal?: string) => {
      const what = how instanceof Error ? how.message : signal ? `signal: ${signal}` : `exit status ${how}`
      const message = `RequestId: ${requestId} Error: Runtime exited with error: ${what}`
      fail(new LambdaFunctionError(EXITED, message))
    }
    child.on('message', answered).once('exit', exited).once('error', exited)
    if (child.exitCode !== null || child.signalCode !== null) {
      exited(child.exitCode, child.signalCode ?? undefined)
      return
    }
    const deadlineMs = Date.now() + timeoutMs
    const message: InvokeMessage = { requestId, functionArn: arn, event, ahead, deadlineMs }
    child.send(message, (error) => {
      // The process is gone; its `exit` event, which may come later, reports how it died.
      if (error) child.kill('SIGKILL')
    })
  })
}

/**
 * Returns the function's own variables, those that Lambda sets, and those that point to the local AWS. Nothing of the
 * user's environment is inherited: their AWS profile could lead elsewhere.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
function environmentOf(
  { name, arn, handler, directory, environment }: LambdaFunction,
  childEnvironment: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    TMPDIR: process.env.TMPDIR,
    TZ: ':UTC',
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: qualifierOf(arn) ?? '$LATEST',
    LAMBDA_TASK_ROOT: directory,
    _HANDLER: handler,
    ...childEnvironment,
    ...environment,
  }
}

let bootstrapText: string | undefined

function bootstrap(): string {
  bootstrapText ??= transformSync(
    readFileSync(fileURLToPath(new URL('bootstrap.ts', import.meta.url)), 'utf8'),
    {
      loader: 'ts',
      format: 'esm',
      target: 'node20',
      minify: true,
    },
  ).code
  return bootstrapText
}
