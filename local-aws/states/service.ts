import { randomUUID } from 'node:crypto'
import type { Faults } from '../protocol/faults.ts'
import { AwsError, jsonService, type JsonServiceOptions, type Service } from '../protocol/service.ts'
import { executionArn } from './arns.ts'
import {
  describeExecution,
  describeMapRun,
  eventsOf,
  listExecutions,
  notFound,
  type ListInput,
} from './describe.ts'
import { ExecutionAborted } from './run/errors.ts'
import {
  abortEarlierExecutions,
  programOf,
  redriveExecution,
  startExecution,
  type ExecutionsState,
  type Machine,
} from './run/executions.ts'
import { isChildArn } from './run/map-run.ts'
import { MAX_PAYLOAD_BYTES } from './run/payload.ts'
import type { ObjectStore, TaskResource } from './run/run.ts'
import { executionStore, type ExecutionRecord } from './store.ts'
import { parseDefinition } from './language/validate.ts'

export interface StepFunctionsOptions {
  /** Executions are kept under `<home>/executions`. */
  readonly home: string
  readonly machines: readonly {
    /** `arn:aws:states:<region>:<account>:stateMachine:<name>` */
    readonly arn: string
    readonly name: string
    /** The Amazon States Language, as JSON. */
    readonly definition: unknown
  }[]
  /** What stands behind each `Resource` of a Task; a machine that names another is refused. */
  readonly resources: Readonly<Record<string, TaskResource>>
  /** What ItemReader and ResultWriter use. */
  readonly objects: ObjectStore
  /**
   * Seconds of Wait states and of retries are multiplied by it.
   * @default 1
   */
  readonly waitScale?: number
  /**
   * Whether executions that a dead process left running become ABORTED. Leave it off where another process may run
   * executions in the same home.
   * @default false
   */
  readonly abortEarlier?: boolean
  /**
   * Milliseconds since 1970.
   * @default Date.now
   */
  readonly now?: () => number
  /**
   * From 0 to 1, for the jitter of retries.
   * @default Math.random
   */
  readonly random?: () => number
  /**
   * @throws AwsError AccessDeniedException
   * @default everybody may do everything
   */
  readonly authorize?: JsonServiceOptions['authorize']
  /** @default the service behaves */
  readonly faults?: Faults | undefined
}

/** Step Functions on this machine. */
export interface StepFunctionsService extends Service {
  /** Aborts what runs, stops its jobs, and resolves when all of it is saved. */
  close(): Promise<void>
}

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html */
const NAME = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/]{1,80}$/

/**
 * Step Functions behind its HTTP API: runs the given definitions, JSONata only.
 *
 * @throws LocalAwsError NotImplemented when a definition holds anything that is unknown here
 */
export function stepFunctionsService(options: StepFunctionsOptions): StepFunctionsService {
  const { home, resources, objects, waitScale = 1, abortEarlier = false, now = Date.now, faults } = options
  const random = options.random ?? Math.random
  const machines = options.machines.map(({ arn, name, definition }): Machine => {
    return { arn, name, definition: parseDefinition(definition, name, Object.keys(resources)) }
  })
  const store = executionStore(home)
  const world = { resources, objects, now, random, waitScale }
  const shared: ExecutionsState = { store, world, live: new Map(), liveMapRuns: new Map() }
  if (abortEarlier) abortEarlierExecutions(store, now())

  const service = jsonService({
    signingName: 'states',
    targetPrefix: 'AWSStepFunctions',
    version: '1.0',
    operations: operationsOf(shared, machines),
    authorize: options.authorize,
    faults,
  })
  return { ...service, close: () => close(shared) }
}

function operationsOf(shared: ExecutionsState, machines: readonly Machine[]) {
  const machineOf = (arn: string): Machine => {
    const machine = machines.find((candidate) => candidate.arn === arn)
    if (machine) return machine
    throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`)
  }
  return {
    StartExecution: (input: StartInput) =>
      Promise.resolve(start(shared, machineOf(input.stateMachineArn), input)),
    DescribeExecution: ({ executionArn: arn }: { executionArn: string }) =>
      Promise.resolve(describeExecution(shared, arn)),
    StopExecution: async ({
      executionArn: arn,
      error,
      cause,
    }: {
      executionArn: string
      error?: string
      cause?: string
    }) => {
      const live = shared.live.get(arn)
      if (!live && !shared.store.read(arn)) throw notFound(arn)
      live?.abort(new ExecutionAborted('ABORTED', error, cause))
      await live?.done
      return { stopDate: new Date(shared.store.read(arn)!.stopDate!) }
    },
    RedriveExecution: ({ executionArn: arn }: { executionArn: string }) => {
      const record = redrivable(shared, arn)
      redriveExecution(shared, record, programOf(machineOf(record.stateMachineArn)))
      return Promise.resolve({ redriveDate: new Date(shared.world.now()) })
    },
    ListExecutions: (input: ListInput) => {
      if (input.stateMachineArn !== undefined) machineOf(input.stateMachineArn)
      return Promise.resolve(listExecutions(shared, input))
    },
    GetExecutionHistory: (input: {
      executionArn: string
      maxResults?: number
      nextToken?: string
      reverseOrder?: boolean
    }) => Promise.resolve(eventsOf(shared, input)),
    DescribeMapRun: ({ mapRunArn }: { mapRunArn: string }) =>
      Promise.resolve(describeMapRun(shared, mapRunArn)),
    ListMapRuns: ({ executionArn: arn }: { executionArn: string }) => {
      const record = shared.live.get(arn)?.record ?? shared.store.read(arn)
      if (!record) throw notFound(arn)
      const mapRuns = record.mapRuns.map((mapRunArn) => {
        const { startDate, stopDate } = describeMapRun(shared, mapRunArn)
        return { mapRunArn, executionArn: arn, stateMachineArn: record.stateMachineArn, startDate, stopDate }
      })
      return Promise.resolve({ mapRuns })
    },
    ListStateMachines: () => {
      const stateMachines = machines.map(({ arn, name }) => ({
        stateMachineArn: arn,
        name,
        type: 'STANDARD',
        creationDate: new Date(0),
      }))
      return Promise.resolve({ stateMachines })
    },
  }
}

interface StartInput {
  readonly stateMachineArn: string
  readonly name?: string
  readonly input?: string
}

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html: idempotent while it runs. */
function start(shared: ExecutionsState, machine: Machine, request: StartInput): Record<string, unknown> {
  const { name = randomUUID(), input = '{}' } = request
  if (!NAME.test(name)) throw new AwsError('InvalidName', `Invalid Name: '${name}'`)
  checkInput(input)
  const arn = executionArn(machine.arn, name)
  const earlier = shared.live.get(arn)?.record ?? shared.store.read(arn)
  if (earlier) {
    const isSame = earlier.status === 'RUNNING' && earlier.input === input
    if (isSame) return { executionArn: arn, startDate: new Date(earlier.startDate) }
    throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`)
  }
  const { record } = startExecution(shared, machine, name, input)
  return { executionArn: arn, startDate: new Date(record.startDate) }
}

function checkInput(input: string): void {
  if (Buffer.byteLength(input) > MAX_PAYLOAD_BYTES) {
    throw new AwsError('InvalidExecutionInput', `Input: expected at most ${MAX_PAYLOAD_BYTES} bytes.`)
  }
  try {
    JSON.parse(input)
  } catch (error) {
    throw new AwsError(
      'InvalidExecutionInput',
      `Invalid State Machine Execution Input: '${(error as Error).message}'`,
    )
  }
}

function redrivable(shared: ExecutionsState, arn: string): ExecutionRecord {
  const record = shared.live.get(arn)?.record ?? shared.store.read(arn)
  if (!record) throw notFound(arn)
  const isOver = record.status !== 'RUNNING' && record.status !== 'SUCCEEDED'
  if (isOver && !isChildArn(arn)) return record
  throw new AwsError(
    'ExecutionNotRedrivable',
    `Execution is ${record.status} and cannot be redriven: '${arn}'`,
  )
}

async function close(shared: ExecutionsState): Promise<void> {
  const running = [...shared.live.values()].filter((live) => live.record.mapRunArn === undefined)
  for (const live of running)
    live.abort(new ExecutionAborted('ABORTED', undefined, 'Step Functions was closed.'))
  await Promise.all(running.map((live) => live.done))
}
