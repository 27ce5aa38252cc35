import * as sfn from '@aws-sdk/client-sfn'
import { expect, test } from 'vitest'
import { StateError, type TaskCall } from '../../states/index.ts'
import {
  CALL,
  ended,
  entered,
  execute,
  historyOf,
  MACHINE_ARN,
  memoryObjects,
  run,
  stepFunctions,
} from '../support/states.ts'

const DISTRIBUTED = { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }

const work = { StartAt: 'Work', States: { Work: { Type: 'Task', Resource: CALL, End: true } } }

function distributed(fields: object = {}, processor: object = work) {
  return {
    StartAt: 'Days',
    States: {
      Days: {
        Type: 'Map',
        ItemReader: {
          Resource: 'arn:aws:states:::s3:getObject',
          ReaderConfig: { InputType: 'JSON' },
          Arguments: { Bucket: 'data', Key: '{% $states.input.key %}' },
        },
        ItemSelector: {
          date: '{% $states.context.Map.Item.Value %}',
          index: '{% $states.context.Map.Item.Index %}',
          parent: '{% $states.context.Execution.Id %}',
        },
        ItemProcessor: { ProcessorConfig: DISTRIBUTED, ...processor },
        MaxConcurrency: 2,
        ResultWriter: {
          Resource: 'arn:aws:states:::s3:putObject',
          Arguments: { Bucket: 'data', Prefix: '{% "runs/" & $states.context.Execution.Name & "/map" %}' },
        },
        End: true,
        ...fields,
      },
    },
  }
}

interface Item {
  readonly date: string
  readonly index: number
  readonly parent: string
}

const failOn =
  (...dates: string[]) =>
  ({ arguments: input }: TaskCall) => {
    const { date } = input as Item
    return dates.includes(date)
      ? Promise.reject(new StateError('Broken', `no ${date}`))
      : Promise.resolve({ done: date })
  }

const items = () => memoryObjects({ 'data/items.json': ['a', 'b', 'c', 'd'] })

interface Entry {
  readonly ExecutionArn: string
  readonly Input: string
  readonly Output?: string
}

test('children get what ItemSelector makes, and the ResultWriter writes AWS’s files', async () => {
  const objects = items()
  const definition = distributed({ ToleratedFailurePercentage: 100 })
  const { client } = await stepFunctions({ definition, call: failOn('b'), objects: objects.store })
  const execution = await execute(client, { key: 'items.json' }, 'run-1')
  const { MapRunArn, ResultWriterDetails } = JSON.parse(execution.output!) as {
    MapRunArn: string
    ResultWriterDetails: { Bucket: string; Key: string }
  }

  const id = MapRunArn.split(':').at(-1)!
  expect(MapRunArn).toBe(`arn:aws:states:us-east-1:000000000000:mapRun:test/Days:${id}`)
  expect(ResultWriterDetails).toEqual({ Bucket: 'data', Key: `runs/run-1/map/${id}/manifest.json` })
  const size = (name: string) => JSON.stringify(objects.read(`data/runs/run-1/map/${id}/${name}`)).length
  expect(objects.read(`data/${ResultWriterDetails.Key}`)).toEqual({
    DestinationBucket: 'data',
    MapRunArn,
    ResultFiles: {
      FAILED: [{ Key: `runs/run-1/map/${id}/FAILED_0.json`, Size: size('FAILED_0.json') }],
      PENDING: [],
      SUCCEEDED: [{ Key: `runs/run-1/map/${id}/SUCCEEDED_0.json`, Size: size('SUCCEEDED_0.json') }],
    },
  })

  const succeeded: Entry[] = objects.read(`data/runs/run-1/map/${id}/SUCCEEDED_0.json`)
  expect(succeeded.map(({ Input }) => (JSON.parse(Input) as Item).date)).toEqual(['a', 'c', 'd'])
  expect(succeeded.map(({ Output }) => JSON.parse(Output!) as unknown)).toEqual([
    { done: 'a' },
    { done: 'c' },
    { done: 'd' },
  ])
  expect(JSON.parse(succeeded[1]!.Input)).toEqual({ date: 'c', index: 2, parent: execution.executionArn })
  expect(succeeded[0]).toMatchObject({
    InputDetails: { Included: true },
    StateMachineArn: `${MACHINE_ARN}/Days`,
    Status: 'SUCCEEDED',
    RedriveStatus: 'NOT_REDRIVABLE',
    StopDate: expect.stringMatching(/^\d{4}-.*Z$/) as string,
  })
  expect(objects.read(`data/runs/run-1/map/${id}/FAILED_0.json`)).toMatchObject([
    { Status: 'FAILED', Error: 'Broken', Cause: 'no b', RedriveStatus: 'REDRIVABLE' },
  ])

  const mapRun = await client.send(new sfn.DescribeMapRunCommand({ mapRunArn: MapRunArn }))
  expect(mapRun).toMatchObject({
    status: 'SUCCEEDED',
    maxConcurrency: 2,
    toleratedFailurePercentage: 100,
    itemCounts: { total: 4, succeeded: 3, failed: 1, pending: 0, running: 0 },
  })
  const child = await client.send(
    new sfn.DescribeExecutionCommand({ executionArn: succeeded[0]!.ExecutionArn }),
  )
  expect(child).toMatchObject({ status: 'SUCCEEDED', output: '{"done":"a"}', mapRunArn: MapRunArn })
  expect(entered(await historyOf(client, succeeded[0]!.ExecutionArn))).toEqual(['Work'])
  const children = await client.send(
    new sfn.ListExecutionsCommand({ mapRunArn: MapRunArn, statusFilter: 'FAILED' }),
  )
  expect(children.executions).toHaveLength(1)
})

test('children see no variables of the parent, and have an execution of their own', async () => {
  const processor = {
    StartAt: 'See',
    States: {
      See: {
        Type: 'Pass',
        Output: { outer: '{% $exists($outer) %}', id: '{% $states.context.Execution.Id %}' },
        End: true,
      },
    },
  }
  const map = distributed(
    { ItemReader: undefined, ItemSelector: undefined, ResultWriter: undefined, Items: [1, 2] },
    processor,
  )
  const { result, executionArn } = await run({
    definition: {
      StartAt: 'A',
      States: {
        A: { Type: 'Pass', Assign: { outer: 1 }, Next: 'Days' },
        Days: JSON.parse(JSON.stringify(map.States.Days)) as object,
      },
    },
  })
  const seen = result as { outer: boolean; id: string }[]
  expect(seen.map(({ outer }) => outer)).toEqual([false, false])
  expect(new Set([executionArn, ...seen.map(({ id }) => id)]).size).toBe(3)
})

test('more failures than tolerated fail the Map, and what was not started is pending', async () => {
  const objects = items()
  const definition = distributed({ MaxConcurrency: 1, ToleratedFailureCount: 1 })
  const { client } = await stepFunctions({ definition, call: failOn('a', 'b'), objects: objects.store })
  const execution = await execute(client, { key: 'items.json' })
  expect(execution).toMatchObject({
    status: 'FAILED',
    error: 'States.ExceedToleratedFailureThreshold',
    cause: expect.stringContaining('2 of 4') as string,
  })
  const pending = objects.keys().find((key) => key.endsWith('PENDING_0.json'))!
  expect(objects.read(pending)).toEqual([
    { Input: '"c"', InputDetails: { Included: true }, Status: 'PENDING' },
    { Input: '"d"', InputDetails: { Included: true }, Status: 'PENDING' },
  ])
})

test('without a tolerance the first failure fails the Map', async () => {
  const { error } = await run(
    { definition: distributed(), call: failOn('c'), objects: items().store },
    { key: 'items.json' },
  )
  expect(error).toBe('States.ExceedToleratedFailureThreshold')
})

test('items that cannot be read fail the Map with States.ItemReaderFailed', async () => {
  const definition = distributed({ Catch: [{ ErrorEquals: ['States.ItemReaderFailed'], Next: 'Caught' }] })
  const States = { ...definition.States, Caught: { Type: 'Succeed', Output: '{% $states.input.Cause %}' } }
  const { result } = await run({ definition: { ...definition, States } }, { key: 'gone.json' })
  expect(result).toBe('s3://data/gone.json: NoSuchKey')
})

test('no more children run at once than allowed', async () => {
  const waiting: (() => void)[] = []
  let running = 0
  let most = 0
  const call = async () => {
    most = Math.max(most, ++running)
    // Calls end in pairs, so that two must run at once.
    await new Promise<void>((resolve) => {
      waiting.push(resolve)
      if (waiting.length === 2)
        waiting.splice(0).forEach((go) => {
          go()
        })
    })
    running--
    return null
  }
  const { status } = await run(
    { definition: distributed(), call, objects: items().store },
    { key: 'items.json' },
  )
  expect(status).toBe('SUCCEEDED')
  expect(most).toBe(2)
})

test('an empty list of items succeeds with an empty manifest', async () => {
  const objects = memoryObjects({ 'data/items.json': [] })
  const { status } = await run({ definition: distributed(), objects: objects.store }, { key: 'items.json' })
  expect(status).toBe('SUCCEEDED')
  expect(objects.keys()).toHaveLength(2)
})

test('iterations of an inline Map see the item and outer variables, and keep their own', async () => {
  const { result } = await run({
    definition: {
      StartAt: 'A',
      States: {
        A: { Type: 'Pass', Assign: { base: 10 }, Next: 'M' },
        M: {
          Type: 'Map',
          Items: '{% [1, 2, 3] %}',
          ItemProcessor: {
            StartAt: 'B',
            States: {
              B: { Type: 'Pass', Assign: { mine: '{% $states.input * 2 %}' }, Next: 'C' },
              C: { Type: 'Pass', Output: '{% $base + $mine + $states.context.Map.Item.Index %}', End: true },
            },
          },
          End: true,
        },
      },
    },
  })
  expect(result).toEqual([12, 15, 18])
})

test('the first failing iteration of an inline Map is the Map’s failure', async () => {
  const definition = {
    StartAt: 'M',
    States: { M: { Type: 'Map', Items: [{ date: 'a' }, { date: 'b' }], ItemProcessor: work, End: true } },
  }
  expect(await run({ definition, call: failOn('b') })).toMatchObject({ error: 'Broken', cause: 'no b' })
})

test('a redrive runs only children that did not succeed, from the state that failed', async () => {
  const calls: string[] = []
  let isMended = false
  const call = ({ arguments: input }: TaskCall) => {
    const { date } = input as Item
    calls.push(date)
    return date === 'b' && !isMended
      ? Promise.reject(new StateError('Broken', 'b'))
      : Promise.resolve({ done: date })
  }
  const processor = {
    StartAt: 'Work',
    States: {
      Work: { Type: 'Task', Resource: CALL, Next: 'Say' },
      Say: { Type: 'Pass', Output: '{% $states.context.Execution.RedriveCount %}', End: true },
    },
  }
  const objects = items()
  const { client } = await stepFunctions({
    definition: distributed({ MaxConcurrency: 1 }, processor),
    call,
    objects: objects.store,
  })
  const first = await execute(client, { key: 'items.json' })
  expect(first.status).toBe('FAILED')
  isMended = true
  await client.send(new sfn.RedriveExecutionCommand({ executionArn: first.executionArn! }))
  const second = await ended(client, first.executionArn!)
  expect(second).toMatchObject({ status: 'SUCCEEDED', redriveCount: 1 })
  expect(calls).toEqual(['a', 'b', 'b', 'c', 'd'])
  const succeeded = objects.keys().find((key) => key.endsWith('SUCCEEDED_0.json'))!
  const outputs = (objects.read(succeeded) as Entry[]).map(({ Output }) => Output)
  expect(outputs).toEqual(['0', '1', '1', '1'])
})
