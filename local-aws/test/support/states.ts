import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SFNClient, type DescribeExecutionOutput, type HistoryEvent } from '@aws-sdk/client-sfn'
import * as sfn from '@aws-sdk/client-sfn'
import { onTestFinished } from 'vitest'
import { startEndpoint } from '../../protocol/endpoint.ts'
import {
  stepFunctionsService,
  type ObjectStore,
  type StepFunctionsOptions,
  type TaskResource,
} from '../../states/index.ts'

export const MACHINE_ARN = 'arn:aws:states:us-east-1:000000000000:stateMachine:test'
/** Resource of a Task whose function the test provides. */
export const CALL = 'arn:aws:states:::test:call'

/** Returns a store of objects in memory: the local S3 has tests of its own. */
export function memoryObjects(initial: Readonly<Record<string, unknown>> = {}) {
  const objects = new Map(Object.entries(initial).map(([key, value]) => [key, JSON.stringify(value)]))
  const store: ObjectStore = {
    get(bucket, key) {
      const found = objects.get(`${bucket}/${key}`)
      return found === undefined
        ? Promise.reject(new Error('NoSuchKey'))
        : Promise.resolve(Buffer.from(found))
    },
    put(bucket, key, body) {
      objects.set(`${bucket}/${key}`, body.toString())
      return Promise.resolve()
    },
  }
  return {
    store,
    read: (name: string) => JSON.parse(objects.get(name) ?? 'null') as never,
    keys: () => [...objects.keys()],
  }
}

export interface Setup {
  readonly definition: object
  /** Function that Tasks with the resource {@link CALL} call. */
  readonly call?: TaskResource
  readonly resources?: Readonly<Record<string, TaskResource>>
  readonly objects?: ObjectStore
  readonly home?: string
  readonly options?: Partial<StepFunctionsOptions>
}

/** Serves Step Functions with one machine from a real endpoint, and returns the unmodified client for it. */
export async function stepFunctions(setup: Setup) {
  const home = setup.home ?? mkdtempSync(join(tmpdir(), 'dayfold-sfn-'))
  const service = stepFunctionsService({
    home,
    machines: [
      { arn: MACHINE_ARN, name: 'test', definition: { QueryLanguage: 'JSONata', ...setup.definition } },
    ],
    resources: {
      [CALL]: setup.call ?? (() => Promise.reject(new Error('not expected'))),
      ...setup.resources,
    },
    objects: setup.objects ?? memoryObjects().store,
    waitScale: 0.001,
    ...setup.options,
  })
  const endpoint = await startEndpoint({ services: [service] })
  const client = new SFNClient({
    endpoint: endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'TEST', secretAccessKey: 'test' },
    maxAttempts: 1,
  })
  const close = async () => {
    client.destroy()
    await service.close()
    await endpoint.close()
  }
  onTestFinished(async () => {
    await close()
    if (setup.home === undefined) rmSync(home, { recursive: true, force: true })
  })
  return { home, service, client, close }
}

/** Starts an execution and waits for its end. */
export async function execute(client: SFNClient, input: unknown = {}, name?: string) {
  const started = await client.send(
    new sfn.StartExecutionCommand({
      stateMachineArn: MACHINE_ARN,
      input: JSON.stringify(input),
      ...(name !== undefined && { name }),
    }),
  )
  return ended(client, started.executionArn!)
}

/** Waits for the end of an execution and returns its description. */
export async function ended(client: SFNClient, executionArn: string): Promise<DescribeExecutionOutput> {
  for (;;) {
    const execution = await client.send(new sfn.DescribeExecutionCommand({ executionArn }))
    if (execution.status !== 'RUNNING') return execution
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** Runs a definition once and returns the execution with its parsed output. */
export async function run(setup: Setup, input: unknown = {}) {
  const { client } = await stepFunctions(setup)
  const execution = await execute(client, input)
  return { ...execution, result: JSON.parse(execution.output ?? 'null') as unknown }
}

/** Returns the events of an execution. */
export async function historyOf(client: SFNClient, executionArn: string): Promise<HistoryEvent[]> {
  const { events } = await client.send(new sfn.GetExecutionHistoryCommand({ executionArn }))
  return events!
}

/** Returns the names of the states in the order in which they were entered. */
export const entered = (events: readonly HistoryEvent[]) =>
  events.map((event) => event.stateEnteredEventDetails?.name).filter((name) => name !== undefined)
