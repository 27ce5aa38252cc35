import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as sfn from '@aws-sdk/client-sfn'
import { describe, expect, onTestFinished, test } from 'vitest'
import { homePaths } from '../../home/paths.ts'
import { StateError, type TaskCall } from '../../states/index.ts'
import { CALL, ended, entered, execute, historyOf, MACHINE_ARN, stepFunctions } from '../support/states.ts'

const ONE_TASK = { StartAt: 'A', States: { A: { Type: 'Task', Resource: CALL, End: true } } }

/** A task that waits until it is released or aborted. */
function gate() {
  let open: (value: unknown) => void = () => undefined
  let enter: () => void = () => undefined
  const isEntered = new Promise<void>((resolve) => {
    enter = resolve
  })
  const call = ({ signal }: TaskCall) =>
    new Promise((resolve, reject) => {
      open = resolve
      signal.addEventListener('abort', () => {
        reject(signal.reason as Error)
      })
      enter()
    })
  return {
    call,
    isEntered,
    open: () => {
      open('opened')
    },
  }
}

function temporaryHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'dayfold-sfn-home-'))
  onTestFinished(() => {
    rmSync(home, { recursive: true, force: true })
  })
  return home
}

const startCommand = (name: string, input: string) =>
  new sfn.StartExecutionCommand({ stateMachineArn: MACHINE_ARN, name, input })

test('starting twice under a name is one execution while it runs with the same input, and an error otherwise', async () => {
  const { call, open } = gate()
  const { client } = await stepFunctions({ definition: ONE_TASK, call })
  const first = await client.send(startCommand('a', '{"x": 1}'))
  expect(first.executionArn).toBe('arn:aws:states:us-east-1:000000000000:execution:test:a')
  expect(await client.send(startCommand('a', '{"x": 1}'))).toMatchObject({
    executionArn: first.executionArn,
    startDate: first.startDate,
  })
  await expect(client.send(startCommand('a', '{"x": 2}'))).rejects.toThrow(sfn.ExecutionAlreadyExists)
  open()
  expect(await ended(client, first.executionArn!)).toMatchObject({ status: 'SUCCEEDED', output: '"opened"' })
  await expect(client.send(startCommand('a', '{"x": 1}'))).rejects.toThrow(sfn.ExecutionAlreadyExists)
})

test('what is not there or not valid has AWS’s error', async () => {
  const { client } = await stepFunctions({ definition: ONE_TASK })
  const stateMachineArn = `${MACHINE_ARN}x`
  await expect(client.send(new sfn.StartExecutionCommand({ stateMachineArn }))).rejects.toThrow(
    sfn.StateMachineDoesNotExist,
  )
  await expect(client.send(startCommand('a', '{'))).rejects.toThrow(sfn.InvalidExecutionInput)
  await expect(client.send(startCommand('a b', '{}'))).rejects.toThrow(sfn.InvalidName)
  const executionArn = 'arn:aws:states:us-east-1:000000000000:execution:test:none'
  for (const command of [
    new sfn.DescribeExecutionCommand({ executionArn }),
    new sfn.StopExecutionCommand({ executionArn }),
    new sfn.RedriveExecutionCommand({ executionArn }),
    new sfn.GetExecutionHistoryCommand({ executionArn }),
  ]) {
    await expect(client.send(command as sfn.DescribeExecutionCommand)).rejects.toThrow(
      sfn.ExecutionDoesNotExist,
    )
  }
})

test('names of dots are names like any other, and lead out of no folder', async () => {
  const home = temporaryHome()
  const definition = { StartAt: 'A', States: { A: { Type: 'Succeed' } } }
  const { client } = await stepFunctions({ definition, home })
  for (const name of ['..', '.', '...']) {
    const { executionArn } = await execute(client, { name }, name)
    expect(executionArn).toBe(`arn:aws:states:us-east-1:000000000000:execution:test:${name}`)
    expect((await historyOf(client, executionArn!)).at(-1)!.type).toBe('ExecutionSucceeded')
  }
  const { executions } = await client.send(new sfn.ListExecutionsCommand({ stateMachineArn: MACHINE_ARN }))
  expect(executions!.map(({ name }) => name).sort()).toEqual(['.', '..', '...'])
  expect(readdirSync(homePaths(home).executions).sort()).toEqual(['_definitions', '_running', 'test'])
  const inTest = readdirSync(join(homePaths(home).executions, 'test'))
  expect(inTest.sort()).toEqual(['%2E', '%2E%2E', '...'])
})

test.each([
  ['execution:..:x', '..', 'x'],
  ['execution:x:..', 'x', '..'],
])('the ARN %s leads to no file outside of its machine', async (arn, ...folders) => {
  const home = temporaryHome()
  const folder = join(homePaths(home).executions, ...folders)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'execution.json'), JSON.stringify({ status: 'SUCCEEDED' }))
  const { client } = await stepFunctions({ definition: ONE_TASK, home })
  const executionArn = `arn:aws:states:us-east-1:000000000000:${arn}`
  const described = client.send(new sfn.DescribeExecutionCommand({ executionArn }))
  await expect(described).rejects.toThrow(sfn.ExecutionDoesNotExist)
})

test('an operation that is not implemented is refused by name', async () => {
  const { client } = await stepFunctions({ definition: ONE_TASK })
  const command = new sfn.DescribeStateMachineCommand({ stateMachineArn: MACHINE_ARN })
  await expect(client.send(command)).rejects.toThrow(/DescribeStateMachine/)
})

test('an execution that is stopped is ABORTED with the error given, and its task is aborted', async () => {
  const { call, isEntered } = gate()
  const { client } = await stepFunctions({ definition: ONE_TASK, call })
  const { executionArn } = await client.send(startCommand('a', '{}'))
  await isEntered
  const stopped = await client.send(
    new sfn.StopExecutionCommand({ executionArn, error: 'Enough', cause: 'by hand' }),
  )
  expect(stopped.stopDate).toBeInstanceOf(Date)
  expect(await ended(client, executionArn!)).toMatchObject({
    status: 'ABORTED',
    error: 'Enough',
    cause: 'by hand',
  })
  const events = await historyOf(client, executionArn!)
  expect(events.at(-1)!.type).toBe('ExecutionAborted')
})

test('an execution over the time of its machine is TIMED_OUT', async () => {
  const { call } = gate()
  const { client } = await stepFunctions({ definition: { ...ONE_TASK, TimeoutSeconds: 1 }, call })
  expect(await execute(client)).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' })
})

test('a redrive goes on from the state that failed, with its variables, and not before', async () => {
  const calls: unknown[] = []
  let isMended = false
  const call = ({ arguments: input }: TaskCall) => {
    calls.push(input)
    const isBroken = (input as { at: string }).at === 'B' && !isMended
    return isBroken ? Promise.reject(new StateError('Broken', 'once')) : Promise.resolve(null)
  }
  const task = (at: string, fields: object) => ({
    Type: 'Task',
    Resource: CALL,
    Arguments: { at, x: '{% $x %}' },
    ...fields,
  })
  const definition = {
    StartAt: 'Start',
    States: {
      Start: { Type: 'Pass', Assign: { x: 7 }, Next: 'A' },
      A: task('A', { Next: 'B' }),
      B: task('B', { Output: '{% $states.context.Execution.RedriveCount %}', End: true }),
    },
  }
  const { client } = await stepFunctions({ definition, call })
  const failed = await execute(client, {}, 'a')
  expect(failed).toMatchObject({
    status: 'FAILED',
    error: 'Broken',
    redriveStatus: 'REDRIVABLE',
    redriveCount: 0,
  })
  isMended = true
  await client.send(new sfn.RedriveExecutionCommand({ executionArn: failed.executionArn! }))
  const redriven = await ended(client, failed.executionArn!)
  expect(redriven).toMatchObject({
    status: 'SUCCEEDED',
    redriveCount: 1,
    output: '1',
    redriveStatus: 'NOT_REDRIVABLE',
  })
  expect(redriven.error).toBeUndefined()
  expect(redriven.redriveDate).toBeInstanceOf(Date)
  expect(calls).toEqual([
    { at: 'A', x: 7 },
    { at: 'B', x: 7 },
    { at: 'B', x: 7 },
  ])
  const events = await historyOf(client, failed.executionArn!)
  expect(entered(events)).toEqual(['Start', 'A', 'B', 'B'])
  const redrive = new sfn.RedriveExecutionCommand({ executionArn: failed.executionArn! })
  await expect(client.send(redrive)).rejects.toThrow(sfn.ExecutionNotRedrivable)
})

test('executions are listed newest first, by status and by page', async () => {
  let time = 1_700_000_000_000
  const { client } = await stepFunctions({
    definition: { StartAt: 'A', States: { A: { Type: 'Succeed' } } },
    options: { now: () => (time += 1000) },
  })
  for (const name of ['a', 'b', 'c']) await execute(client, {}, name)
  const list = (fields: object) =>
    client.send(new sfn.ListExecutionsCommand({ stateMachineArn: MACHINE_ARN, ...fields }))
  const first = await list({ maxResults: 2 })
  expect(first.executions!.map(({ name }) => name)).toEqual(['c', 'b'])
  const second = await list({ maxResults: 2, nextToken: first.nextToken })
  expect(second.executions!.map(({ name }) => name)).toEqual(['a'])
  expect(second.nextToken).toBeUndefined()
  expect((await list({ statusFilter: 'FAILED' })).executions).toEqual([])
})

test('another service over the same home answers from the files', async () => {
  const home = temporaryHome()
  const first = await stepFunctions({ definition: ONE_TASK, call: () => Promise.resolve({ ok: true }), home })
  const { executionArn } = await execute(first.client, { x: 1 }, 'a')
  await first.close()
  const { client } = await stepFunctions({ definition: ONE_TASK, home })
  expect(await ended(client, executionArn!)).toMatchObject({
    status: 'SUCCEEDED',
    input: '{"x":1}',
    output: '{"ok":true}',
  })
  expect(entered(await historyOf(client, executionArn!))).toEqual(['A'])
})

test('what a dead process left running is ABORTED for the next one, and not for one that only reads', async () => {
  const home = temporaryHome()
  const { call, isEntered, open } = gate()
  const dead = await stepFunctions({ definition: ONE_TASK, call, home })
  const { executionArn } = await dead.client.send(startCommand('a', '{}'))
  await isEntered
  const reader = await stepFunctions({ definition: ONE_TASK, home })
  const describe = new sfn.DescribeExecutionCommand({ executionArn })
  expect(await reader.client.send(describe)).toMatchObject({ status: 'RUNNING' })
  const next = await stepFunctions({ definition: ONE_TASK, home, options: { abortEarlier: true } })
  expect(await next.client.send(describe)).toMatchObject({ status: 'ABORTED', redriveStatus: 'REDRIVABLE' })
  expect(readdirSync(join(homePaths(home).executions, '_running'))).toEqual([])
  open()
  await ended(dead.client, executionArn!)
})

test('closing aborts what runs, and leaves nothing marked as running', async () => {
  const home = temporaryHome()
  const { call, isEntered } = gate()
  const { client, service } = await stepFunctions({ definition: ONE_TASK, call, home })
  const { executionArn } = await client.send(startCommand('a', '{}'))
  await isEntered
  await service.close()
  expect(await ended(client, executionArn!)).toMatchObject({ status: 'ABORTED' })
  expect(readdirSync(join(homePaths(home).executions, '_running'))).toEqual([])
})

test('a service that only reads writes nothing', async () => {
  const home = temporaryHome()
  const { client } = await stepFunctions({ definition: ONE_TASK, home })
  await client.send(new sfn.ListExecutionsCommand({ stateMachineArn: MACHINE_ARN }))
  expect(existsSync(homePaths(home).executions)).toBe(false)
})

describe('on a full disk', () => {
  /** Returns a home with no room for a file of the execution `a`. */
  function fullHome(name: string): string {
    const home = temporaryHome()
    const folder = join(homePaths(home).executions, 'test', 'a')
    mkdirSync(folder, { recursive: true })
    symlinkSync('/dev/full', join(folder, `${name}.tmp`))
    return home
  }
  const FULL = /^The disk is full \(ENOSPC.*\)\. Make room, then run again/

  test('an execution whose end cannot be written has failed, with a sentence that says what to do', async () => {
    const home = fullHome('history.json')
    const { client, close } = await stepFunctions({
      home,
      definition: ONE_TASK,
      call: () => Promise.resolve(1),
    })
    const { executionArn } = await client.send(startCommand('a', '{}'))
    const { status, cause } = await ended(client, executionArn!)
    expect(status).toBe('FAILED')
    expect(cause).toMatch(FULL)
    await close()
    const later = await stepFunctions({ home, definition: ONE_TASK, options: { abortEarlier: true } })
    expect((await ended(later.client, executionArn!)).status).toBe('ABORTED')
  })

  test('an execution that cannot be written does not start, and starts when there is room', async () => {
    const home = fullHome('execution.json')
    const { client } = await stepFunctions({ home, definition: ONE_TASK, call: () => Promise.resolve(1) })
    const refused = client.send(startCommand('a', '{}'))
    await expect(refused).rejects.toMatchObject({
      name: 'DiskFull',
      message: expect.stringMatching(FULL) as string,
    })
    rmSync(join(homePaths(home).executions, 'test', 'a', 'execution.json.tmp'))
    const { executionArn } = await client.send(startCommand('a', '{}'))
    expect((await ended(client, executionArn!)).status).toBe('SUCCEEDED')
  })
})
