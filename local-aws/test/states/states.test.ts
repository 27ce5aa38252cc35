import { expect, test } from 'vitest'
import { StateError } from '../../states/index.ts'
import { CALL, entered, historyOf, execute, run, stepFunctions } from '../support/states.ts'

const task = (fields: object) => ({ Type: 'Task', Resource: CALL, ...fields })

test('input, result, variables and context reach a task, and its output leaves', async () => {
  const calls: unknown[] = []
  const { status, result, executionArn } = await run(
    {
      call: ({ arguments: input }) => {
        calls.push(input)
        return Promise.resolve({ answer: 42 })
      },
      definition: {
        StartAt: 'A',
        States: {
          A: { Type: 'Pass', Assign: { kept: '{% $states.input.x %}' }, Output: { y: 2 }, Next: 'B' },
          B: task({
            Arguments: {
              kept: '{% $kept %}',
              y: '{% $states.input.y %}',
              execution: '{% $states.context.Execution.Id %}',
              original: '{% $states.context.Execution.Input.x %}',
              state: '{% $states.context.State.Name & $states.context.State.RetryCount %}',
            },
            Output: '{% {"answer": $states.result.answer, "kept": $kept} %}',
            End: true,
          }),
        },
      },
    },
    { x: 1 },
  )
  expect(status).toBe('SUCCEEDED')
  expect(calls).toEqual([{ kept: 1, y: 2, execution: executionArn, original: 1, state: 'B0' }])
  expect(result).toEqual({ answer: 42, kept: 1 })
})

test('assignments and output of a state see the variables as they were', async () => {
  const { result } = await run({
    definition: {
      StartAt: 'A',
      States: {
        A: { Type: 'Pass', Assign: { x: 1, y: 2 }, Next: 'B' },
        B: { Type: 'Pass', Assign: { x: '{% $y %}', y: '{% $x %}' }, Output: { was: '{% $x %}' }, Next: 'C' },
        C: { Type: 'Pass', Output: '{% [$states.input.was, $x, $y] %}', End: true },
      },
    },
  })
  expect(result).toEqual([1, 2, 1])
})

test('a choice takes the first true rule with its assignments and output, else the default', async () => {
  const definition = {
    StartAt: 'Choose',
    States: {
      Choose: {
        Type: 'Choice',
        Choices: [
          {
            Condition: '{% $states.input.n > 2 %}',
            Assign: { how: 'big' },
            Output: { from: 'rule' },
            Next: 'End',
          },
          { Condition: '{% $states.input.n > 1 %}', Assign: { how: 'middle' }, Next: 'End' },
        ],
        Default: 'End',
        Assign: { how: 'small' },
      },
      End: { Type: 'Succeed', Output: '{% {"how": $how, "input": $states.input} %}' },
    },
  }
  const { client } = await stepFunctions({ definition })
  const outputs = []
  for (const n of [3, 2, 1]) outputs.push(JSON.parse((await execute(client, { n })).output!))
  expect(outputs).toEqual([
    { how: 'big', input: { from: 'rule' } },
    { how: 'middle', input: { n: 2 } },
    { how: 'small', input: { n: 1 } },
  ])
})

test('a choice without a match or with a condition that is no boolean fails', async () => {
  const choose = (Condition: string) => ({
    StartAt: 'A',
    States: { A: { Type: 'Choice', Choices: [{ Condition, Next: 'B' }] }, B: { Type: 'Succeed' } },
  })
  expect(await run({ definition: choose('{% false %}') })).toMatchObject({ error: 'States.NoChoiceMatched' })
  expect(await run({ definition: choose('{% "yes" %}') })).toMatchObject({
    error: 'States.QueryEvaluationError',
    cause: expect.stringContaining('expected true or false, found "yes"') as string,
  })
})

test('waits are shortened by the scale, whether in seconds or until a time', async () => {
  let time = Date.parse('2024-01-01T00:00:00Z')
  const { status } = await run({
    options: { now: () => time++, waitScale: 1e-6 },
    definition: {
      StartAt: 'A',
      States: {
        A: { Type: 'Wait', Seconds: '{% 3600 %}', Next: 'B' },
        B: { Type: 'Wait', Timestamp: '2024-01-01T02:00:00Z', End: true },
      },
    },
  })
  expect(status).toBe('SUCCEEDED')
})

test('a Fail state gives its error and cause, computed', async () => {
  const execution = await run(
    {
      definition: {
        StartAt: 'A',
        States: {
          A: { Type: 'Fail', Error: 'DaysFailed', Cause: '{% $string($states.input.n) & " days" %}' },
        },
      },
    },
    { n: 3 },
  )
  expect(execution).toMatchObject({ status: 'FAILED', error: 'DaysFailed', cause: '3 days' })
})

test('retriers count their attempts by error, arguments are computed again for each', async () => {
  const tries: unknown[] = []
  const errors = ['Throttled', 'Throttled', 'Broken', 'Throttled']
  const { result } = await run({
    call: ({ arguments: input }) => {
      tries.push(input)
      const error = errors.shift()
      return error === undefined ? Promise.resolve('done') : Promise.reject(new StateError(error, 'again'))
    },
    definition: {
      StartAt: 'A',
      States: {
        A: task({
          Arguments: '{% $states.context.State.RetryCount %}',
          Retry: [
            { ErrorEquals: ['Throttled'], MaxAttempts: 3, IntervalSeconds: 1, JitterStrategy: 'FULL' },
            { ErrorEquals: ['States.ALL'], MaxAttempts: 1, MaxDelaySeconds: 1 },
          ],
          End: true,
        }),
      },
    },
  })
  expect(tries).toEqual([0, 1, 2, 3, 4])
  expect(result).toBe('done')
})

test('a retrier that has no attempts left hands over to the catchers', async () => {
  let tries = 0
  const { result } = await run({
    call: () => Promise.reject(new StateError('Broken', `try ${++tries}`)),
    definition: {
      StartAt: 'A',
      States: {
        A: task({
          Retry: [{ ErrorEquals: ['Broken'], MaxAttempts: 2 }],
          Catch: [
            { ErrorEquals: ['Other'], Next: 'C' },
            {
              ErrorEquals: ['States.TaskFailed'],
              Assign: { cause: '{% $states.errorOutput.Cause %}' },
              Output: { error: '{% $states.errorOutput.Error %}', was: '{% $states.input %}' },
              Next: 'B',
            },
          ],
          End: true,
        }),
        B: { Type: 'Pass', Output: '{% [$cause, $states.input] %}', End: true },
        C: { Type: 'Fail' },
      },
    },
  })
  expect(result).toEqual(['try 3', { error: 'Broken', was: {} }])
})

test('a catcher without an output hands on the error', async () => {
  const { result } = await run({
    call: () => Promise.reject(new StateError('Broken', 'why')),
    definition: {
      StartAt: 'A',
      States: {
        A: task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }], End: true }),
        B: { Type: 'Succeed' },
      },
    },
  })
  expect(result).toEqual({ Error: 'Broken', Cause: 'why' })
})

test('a failing expression in a task is caught by name, one in a Pass state fails the execution', async () => {
  const catching = task({
    Arguments: '{% $missing %}',
    Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Next: 'B' }],
    End: true,
  })
  const caught = { StartAt: 'A', States: { A: catching, B: { Type: 'Succeed', Output: 'caught' } } }
  expect((await run({ definition: caught })).result).toBe('caught')
  const uncaught = { StartAt: 'A', States: { A: { Type: 'Pass', Output: '{% $missing %}', End: true } } }
  expect(await run({ definition: uncaught })).toMatchObject({ error: 'States.QueryEvaluationError' })
})

test('a task over its time is aborted with States.Timeout, which States.TaskFailed does not name', async () => {
  let wasAborted = false
  const { result } = await run({
    call: ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          wasAborted = true
          reject(signal.reason as Error)
        })
      }),
    definition: {
      StartAt: 'A',
      States: {
        A: task({
          TimeoutSeconds: '{% 1 %}',
          Catch: [
            { ErrorEquals: ['States.TaskFailed'], Next: 'C' },
            { ErrorEquals: ['States.Timeout'], Next: 'B' },
          ],
          End: true,
        }),
        B: { Type: 'Succeed', Output: 'timed out' },
        C: { Type: 'Fail' },
      },
    },
  })
  expect(result).toBe('timed out')
  expect(wasAborted).toBe(true)
})

test('a payload over 262,144 bytes ends the execution, and nothing catches it', async () => {
  const long = (length: number) => Promise.resolve('x'.repeat(length - 2))
  const definition = {
    StartAt: 'A',
    States: {
      A: task({
        Retry: [{ ErrorEquals: ['States.ALL'] }],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }],
        End: true,
      }),
      B: { Type: 'Succeed' },
    },
  }
  expect(await run({ definition, call: () => long(262_145) })).toMatchObject({
    status: 'FAILED',
    error: 'States.DataLimitExceeded',
  })
  expect(await run({ definition, call: () => long(262_144) })).toMatchObject({ status: 'SUCCEEDED' })
})

test('what a resource throws unforeseen is States.Runtime, which nothing catches', async () => {
  const definition = {
    StartAt: 'A',
    States: {
      A: task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }], End: true }),
      B: { Type: 'Succeed' },
    },
  }
  const execution = await run({ definition, call: () => Promise.reject(new TypeError('a bug')) })
  expect(execution).toMatchObject({
    error: 'States.Runtime',
    cause: expect.stringContaining('a bug') as string,
  })
})

test('branches of a Parallel read outer variables, keep their own and give an array', async () => {
  const { result } = await run({
    definition: {
      StartAt: 'A',
      States: {
        A: { Type: 'Pass', Assign: { x: 1 }, Next: 'P' },
        P: {
          Type: 'Parallel',
          Arguments: { n: 5 },
          Branches: [
            {
              StartAt: 'B',
              States: {
                B: { Type: 'Pass', Assign: { x: 9 }, Output: '{% $x + $states.input.n %}', End: true },
              },
            },
            { StartAt: 'C', States: { C: { Type: 'Pass', Output: '{% $x %}', End: true } } },
          ],
          Output: '{% {"results": $states.result, "x": $x} %}',
          End: true,
        },
      },
    },
  })
  expect(result).toEqual({ results: [6, 1], x: 1 })
})

test('the history tells which states ran, what a task got and gave, and how it ended', async () => {
  const definition = {
    StartAt: 'A',
    States: {
      A: task({ Arguments: { a: 1 }, Catch: [{ ErrorEquals: ['Broken'], Next: 'B' }], End: true }),
      B: { Type: 'Fail', Error: 'E', Cause: 'C' },
    },
  }
  const { client } = await stepFunctions({
    definition,
    call: () => Promise.reject(new StateError('Broken', 'why')),
  })
  const { executionArn } = await execute(client)
  const events = await historyOf(client, executionArn!)
  expect(entered(events)).toEqual(['A', 'B'])
  expect(events.map(({ type }) => type)).toEqual([
    'ExecutionStarted',
    'TaskStateEntered',
    'TaskScheduled',
    'TaskFailed',
    'TaskStateExited',
    'FailStateEntered',
    'ExecutionFailed',
  ])
  expect(events[2]!.taskScheduledEventDetails).toMatchObject({
    resourceType: 'test',
    region: 'us-east-1',
    parameters: '{"a":1}',
  })
  expect(events[3]!.taskFailedEventDetails).toMatchObject({ error: 'Broken', cause: 'why' })
  expect(events[6]!.executionFailedEventDetails).toMatchObject({ error: 'E', cause: 'C' })
  expect(events[0]!.timestamp).toBeInstanceOf(Date)
})
