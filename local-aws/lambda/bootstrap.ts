/**
 * The program of a function's process: loads the handler once and calls it for each event, as Lambda's runtime does.
 * Node gets it as text with its types removed, so it may import only types from the project.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
import * as nodeModule from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { FunctionErrorData, InvokeMessage, ProcessMessage } from './messages.ts'

type Handler = (event: unknown, context: unknown) => unknown
type WithoutUsage<M> = M extends unknown ? Omit<M, 'cpuSeconds'> : never

const environment = process.env
const { now } = Date
let ahead = 0
globalThis.Date = new Proxy(Date, {
  construct: (target, given, self) =>
    Reflect.construct(target, given.length === 0 ? [now() + ahead] : given, self) as Date,
})
Date.now = () => now() + ahead

const { enableCompileCache } = nodeModule as { enableCompileCache?: (folder: string) => void }
// Available since Node 22: lets the function's next process start faster.
enableCompileCache?.(join(tmpdir(), 'local-aws-compile-cache'))

// The function dies with its runtime.
process.on('disconnect', () => process.exit())

const handler = loadHandler()
handler.catch((error: unknown) => {
  send({ kind: 'init-error', error: describe(error) })
})
process.on('message', (message: InvokeMessage) => {
  handler.then(
    (loaded) => invoke(loaded, message),
    // Reported already, as `init-error`.
    () => undefined,
  )
})

async function loadHandler(): Promise<Handler> {
  const [file, name] = environment._HANDLER!.split('.') as [string, string]
  const path = join(environment.LAMBDA_TASK_ROOT!, `${file}.mjs`)
  const loaded = (await import(pathToFileURL(path).href)) as Record<string, unknown>
  if (typeof loaded[name] === 'function') return loaded[name] as Handler
  const message = `${environment._HANDLER} is undefined or not exported`
  throw Object.assign(new Error(message), { name: 'Runtime.HandlerNotFound' })
}

async function invoke(loaded: Handler, message: InvokeMessage): Promise<void> {
  const { requestId, functionArn, event, deadlineMs } = message
  ahead = message.ahead
  const context = {
    awsRequestId: requestId,
    functionName: environment.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: environment.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn: functionArn,
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - now()),
  }
  try {
    send({ kind: 'result', payload: (await loaded(event, context)) ?? null })
  } catch (error) {
    send({ kind: 'error', error: describe(error) })
  }
}

function describe(error: unknown): FunctionErrorData {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] }
  const { name, message, stack = '' } = error
  return { errorType: name, errorMessage: message, trace: stack.split('\n') }
}

function send(message: WithoutUsage<ProcessMessage>): void {
  const { user, system } = process.cpuUsage()
  process.send!({ ...message, cpuSeconds: (user + system) / 1e6 })
}
