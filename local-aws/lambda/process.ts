import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { devNull } from 'node:os'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { transformSync } from 'esbuild'
import type { InvokeMessage, ProcessMessage } from './messages.ts'

/** A deployed function, or a version of one. */
export interface LambdaFunction {
  readonly name: string
  /** The ARN of a version ends in `:` and its number. */
  readonly arn: string
  /** Folder that holds the handler's file. */
  readonly directory: string
  /** File without its extension, and the export: `index.handler`. */
  readonly handler: string
  readonly environment: Readonly<Record<string, string>>
  readonly timeoutSeconds: number
}

/**
 * Says that an invocation failed: the function threw, timed out, or its process died.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
 */
export class LambdaFunctionError extends Error {
  readonly errorType: string
  readonly errorMessage: string
  readonly trace: readonly string[] | undefined

  constructor(errorType: string, errorMessage: string, trace?: readonly string[]) {
    super(errorMessage)
    this.name = errorType
    this.errorType = errorType
    this.errorMessage = errorMessage
    this.trace = trace
  }
}

/** Returns the version in an ARN, such as `7` of `arn:aws:lambda:…:function:plan:7`; undefined without one. */
export const qualifierOf = (arn: string): string | undefined => arn.split(':')[7]

/** A process that runs the handler of one function, one event at a time. */
export interface LambdaProcess {
  readonly function: LambdaFunction
  readonly pid: number
  /** Access key by which the endpoint recognizes the process. */
  readonly accessKeyId: string | undefined
  /** False once the process has died or is about to be killed. */
  isUsable(): boolean
  /** Seconds of user and system time until its last answer. */
  cpuSeconds(): number
  /** @throws LambdaFunctionError for an error of the handler, a timeout, or the death of the process */
  invoke(event: unknown, requestId: string): Promise<unknown>
  kill(): Promise<void>
}

/** Environment of a function's process, the node that runs it, and where its lines go. */
export interface StartOptions {
  readonly childEnvironment: Readonly<Record<string, string>>
  readonly execPath: string
  /** Milliseconds by which the function's clock is ahead of this machine's. */
  readonly ahead: () => number
  readonly log: (functionName: string, line: string) => void
}

/** Starts a process, which loads the handler while the first event is on its way. */
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
