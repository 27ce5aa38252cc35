import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn } from 'node:child_process'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lambdaRuntime, type LambdaRuntime, type LambdaRuntimeOptions } from '../../lambda/runtime.ts'

const HANDLER = `
let calls = 0
export async function handler(event, context) {
  calls++
  if (event.do === 'throw') {
    const error = new Error('no such day')
    error.name = 'InvalidInput'
    throw error
  }
  if (event.do === 'exit') process.exit(3)
  if (event.do === 'hang') await new Promise((resolve) => setTimeout(resolve, 1e6))
  if (event.do === 'environment') return process.env
  if (event.do === 'print') console.log('a line')
  return {
    calls,
    pid: process.pid,
    requestId: context.awsRequestId,
    functionName: context.functionName,
    remaining: context.getRemainingTimeInMillis(),
    times: [Date.now(), new Date().getTime(), new Date(0).getTime(), new Date() instanceof Date],
  }
}
`

let folder: string
let runtime: LambdaRuntime

function start(options: Partial<LambdaRuntimeOptions> = {}, timeoutSeconds = 30): LambdaRuntime {
  const definition = {
    name: 'plan',
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:plan',
    directory: folder,
    handler: 'index.handler',
    environment: { DATA_BUCKET: 'data' },
    timeoutSeconds,
  }
  let started = 0
  return lambdaRuntime({
    functions: [definition],
    childEnvironment: () => ({ AWS_ACCESS_KEY_ID: `KEY${started++}` }),
    ...options,
  })
}

interface Answer {
  readonly calls: number
  readonly pid: number
  readonly requestId: string
  readonly functionName: string
  readonly remaining: number
}

const call = async (event: object, to = runtime) => (await to.invoke('plan', event)).payload as Answer

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dayfold-lambda-'))
  writeFileSync(join(folder, 'index.mjs'), HANDLER)
  runtime = start()
})

afterEach(async () => {
  await runtime.close()
  rmSync(folder, { recursive: true })
})

test('a process is warm for the next invocation, and each gets its own context', async () => {
  const first = await call({})
  const second = await call({})
  expect(second.pid).toBe(first.pid)
  expect(second.calls).toBe(2)
  expect(second.requestId).not.toBe(first.requestId)
  expect(second.functionName).toBe('plan')
  expect(second.remaining).toBeGreaterThan(0)
  expect(second.remaining).toBeLessThanOrEqual(30_000)
  expect(runtime.cpuSeconds()).toBeGreaterThan(0)
})

test('invocations at once run in processes of their own, no more than allowed', async () => {
  await runtime.close()
  runtime = start({ maxConcurrency: 2 })
  const answers = await Promise.all([call({}), call({}), call({})])
  expect(new Set(answers.map(({ pid }) => pid)).size).toBe(2)
  expect(runtime.pids().sort()).toEqual([...new Set(answers.map(({ pid }) => pid))].sort())
})

test('a function is found by its ARN, also with a qualifier, and an unknown one is named', async () => {
  const arn = 'arn:aws:lambda:us-east-1:000000000000:function:plan'
  await runtime.invoke(arn, {})
  await runtime.invoke(`${arn}:$LATEST`, {})
  await expect(runtime.invoke('crawl', {})).rejects.toThrow(/expected one of plan, found "crawl"/)
})

test('the environment is the function’s own, Lambda’s and what the child is given, and nothing else', async () => {
  process.env.DAYFOLD_TEST_LEAK = 'leaked'
  const { payload } = await runtime.invoke('plan', { do: 'environment' })
  delete process.env.DAYFOLD_TEST_LEAK
  expect(payload).toMatchObject({ DATA_BUCKET: 'data', AWS_ACCESS_KEY_ID: 'KEY0', _HANDLER: 'index.handler' })
  expect(payload).not.toHaveProperty('DAYFOLD_TEST_LEAK')
  expect(payload).not.toHaveProperty('HOME')
})

test('the name of what a handler throws is the type of the error, and its process stays', async () => {
  const { pid } = await call({})
  const failure = runtime.invoke('plan', { do: 'throw' })
  await expect(failure).rejects.toMatchObject({ errorType: 'InvalidInput', errorMessage: 'no such day' })
  await expect(failure).rejects.toHaveProperty('trace.0', 'InvalidInput: no such day')
  expect((await call({})).pid).toBe(pid)
})

test('a process that dies fails its invocation with Runtime.ExitError and is replaced', async () => {
  const { pid } = await call({})
  const failure = runtime.invoke('plan', { do: 'exit' })
  await expect(failure).rejects.toMatchObject({ errorType: 'Runtime.ExitError' })
  await expect(failure).rejects.toThrow('exit status 3')
  const again = await call({})
  expect(again.pid).not.toBe(pid)
  expect(again.calls).toBe(1)
})

test('a process that is killed from outside is found by its access key', async () => {
  const { pid } = await call({})
  expect(runtime.pidOf('KEY0')).toBe(pid)
  expect(runtime.pidOf('KEY9')).toBeUndefined()
  const failure = runtime.invoke('plan', { do: 'hang' })
  process.kill(runtime.pidOf('KEY0')!, 'SIGKILL')
  await expect(failure).rejects.toThrow('signal: SIGKILL')
})

test('an invocation over its time is killed', async () => {
  await runtime.close()
  runtime = start({}, 0.5)
  const failure = runtime.invoke('plan', { do: 'hang' })
  await expect(failure).rejects.toMatchObject({ errorType: 'Sandbox.Timedout' })
  await expect(failure).rejects.toThrow('Task timed out after 0.50 seconds')
  expect(runtime.pids()).toEqual([])
})

test('a module that cannot be loaded fails each invocation with its own error', async () => {
  writeFileSync(join(folder, 'index.mjs'), 'throw new TypeError("bad start")')
  await expect(runtime.invoke('plan', {})).rejects.toMatchObject({ errorType: 'TypeError' })
  writeFileSync(join(folder, 'index.mjs'), 'export const other = 1')
  await expect(runtime.invoke('plan', {})).rejects.toMatchObject({ errorType: 'Runtime.HandlerNotFound' })
})

test('what a function prints reaches the log', async () => {
  const lines: string[] = []
  await runtime.close()
  const printed = new Promise<void>((resolve) => {
    runtime = start({
      log: (name, line) => {
        lines.push(`${name}: ${line}`)
        resolve()
      },
    })
  })
  await call({ do: 'print' })
  await printed
  expect(lines).toEqual(['plan: a line'])
})

test('no process outlives its parent', async () => {
  const script = `
    import { lambdaRuntime } from ${JSON.stringify(join(import.meta.dirname, '../../lambda/runtime.ts'))}
    const runtime = lambdaRuntime({
      functions: [{ name: 'plan', arn: 'arn', directory: ${JSON.stringify(folder)}, handler: 'index.handler', environment: {}, timeoutSeconds: 30 }],
      childEnvironment: () => ({}),
    })
    const { payload } = await runtime.invoke('plan', {})
    console.log(payload.pid)
    void runtime.invoke('plan', { do: 'hang' })
  `
  const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(parent.stdout, 'data')) as [Buffer]
  const pid = Number(String(line))
  expect(isAlive(pid)).toBe(true)
  parent.kill('SIGKILL')
  await once(parent, 'exit')
  await expect.poll(() => isAlive(pid), { timeout: 30_000 }).toBe(false)
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('a version runs its own code in processes of its own, and knows its number', async () => {
  const other = join(folder, 'v7')
  mkdirSync(other)
  const code =
    'export const handler = (_, { functionVersion, invokedFunctionArn }) => ({ functionVersion, invokedFunctionArn })'
  writeFileSync(join(other, 'index.mjs'), code)
  const plan = {
    name: 'plan',
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:plan',
    directory: folder,
    handler: 'index.handler',
    environment: {},
    timeoutSeconds: 30,
  }
  const seventh = { ...plan, arn: `${plan.arn}:7`, directory: other }
  runtime = start({ functions: [plan, seventh] })
  const told = { functionVersion: '7', invokedFunctionArn: seventh.arn }
  expect((await runtime.invoke(seventh.arn, {})).payload).toEqual(told)
  expect((await runtime.invoke('plan:7', {})).payload).toEqual(told)
  expect(await call({})).toMatchObject({ functionName: 'plan', calls: 1 })
  await expect(runtime.invoke('plan:8', {})).rejects.toThrow(/expected one of plan, plan:7, found "plan:8"/)
})

test("a function's clock can be ahead of this machine's, which its time left is not told by", async () => {
  const day = 86_400_000
  runtime = start({ ahead: () => day })
  const { payload } = await runtime.invoke('plan', {})
  const { times, remaining } = payload as { times: [number, number, number, boolean]; remaining: number }
  for (const time of times.slice(0, 2)) expect(Math.abs(Number(time) - Date.now() - day)).toBeLessThan(60_000)
  expect(times.slice(2)).toEqual([0, true])
  expect(remaining).toBeGreaterThan(0)
  expect(remaining).toBeLessThanOrEqual(30_000)
})
