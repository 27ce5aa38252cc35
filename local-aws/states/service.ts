import { randomUUID } from 'node:crypto'
import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  ListStateMachinesCommand,
  RedriveExecutionCommand,
  StartExecutionCommand,
  StopExecutionCommand,
  type StartExecutionInput,
  type StopExecutionInput,
} from '@aws-sdk/client-sfn'
import { authorizeBy, type Authorize } from '../iam/access.ts'
import { AwsError } from '../protocol/aws-error.ts'
import { jsonService, operation } from '../protocol/aws-json.ts'
import type { Faults } from '../protocol/faults.ts'
import type { Service } from '../protocol/service.ts'
import { characters, whole, type Complete } from '../protocol/shapes.ts'
import { SYSTEM_TIMERS, type Timers } from '../timers.ts'
import { STATES_ACCESSES } from './accesses.ts'
import { describeExecution, describeMapRun, eventsOf, listExecutions, notFound } from './describe.ts'
import { ExecutionAborted } from './language/errors.ts'
import { parseDefinition } from './language/validate.ts'
import { executionArn, isChildArn } from './records/arns.ts'
import { executionStore, type ExecutionRecord } from './records/store.ts'
import { abortEarlierExecutions, redriveExecution, startExecution, type Machine } from './run/executions.ts'
import type { ExecutionsState } from './run/launch.ts'
import { MAX_PAYLOAD_BYTES } from './run/payload.ts'
import type { ObjectStore, TaskResource } from './run/run.ts'

/** A state machine to deploy. */
export interface MachineDeclaration {
  /** ARN of the form `arn:aws:states:<region>:<account>:stateMachine:<name>`. */
  readonly arn: string
  readonly name: string
  /** Definition in the Amazon States Language, as parsed JSON. */
  readonly definition: unknown
}

/** Options of {@link stepFunctionsService}. */
export interface StepFunctionsOptions {
  /** Folder of all state, in which executions are stored. */
  readonly home: string
  /** State machines that can be executed. */
  readonly machines: readonly MachineDeclaration[]
  /**
   * Functions that do the work of Tasks, by the ARN in the Task's `Resource`. A machine with another `Resource` is
   * refused.
   */
  readonly resources: Readonly<Record<string, TaskResource>>
  /** Store from which an ItemReader reads and to which a ResultWriter writes. */
  readonly objects: ObjectStore
  /**
   * Factor by which the seconds of Wait states and of retries are multiplied; timeouts are not affected.
   * @default 1
   */
  readonly waitScale?: number
  /**
   * Timers of Wait states, retries and timeouts.
   * @default this machine's timers
   */
  readonly timers?: Timers | undefined
  /**
   * True to mark executions as ABORTED that an earlier process has left running. Must be false if another process may
   * be running executions in the same home.
   * @default false
   */
  readonly abortEarlier?: boolean
  /**
   * Returns the time for dates of executions and for expressions, in milliseconds since 1970.
   * @default Date.now
   */
  readonly now?: () => number
  /**
   * Returns a random number from 0 to 1, for the jitter of retries.
   * @default Math.random
   */
  readonly random?: () => number
  /**
   * Checks that the sender of a request has the permissions that it needs.
   * @throws AwsError AccessDeniedException
   * @default no check: every caller may do everything
   */
  readonly authorize?: Authorize | undefined
  /** Faults to inject into calls. @default none */
  readonly faults?: Faults | undefined
}

/** The local Step Functions, which runs state machines in this process. */
export interface StepFunctionsService extends Service {
  /**
   * Replaces the state machines that can be executed. Executions keep the definition with which they were started, even
   * when they are redriven. https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
   *
   * @throws LocalAwsError NotImplemented if a definition contains anything that is unknown here
   */
  deploy(machines: readonly MachineDeclaration[]): void
  /** Aborts running executions, stops their jobs, and resolves when their ends are stored. */
  close(): Promise<void>
}

/**
 * Names that an execution can have.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
const NAME = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/]{1,80}$/

/**
 * Creates the local Step Functions for the given state machines, whose definitions must use JSONata. Pass the result to
 * `startEndpoint`.
 *
 * @throws LocalAwsError NotImplemented if a definition contains anything that is unknown here
 */
export function stepFunctionsService(options: StepFunctionsOptions): StepFunctionsService {
  const { home, resources, objects, waitScale = 1, abortEarlier = false, now = Date.now, faults } = options
  const { random = Math.random, timers = SYSTEM_TIMERS } = options
  const known = Object.keys(resources)
  const parse = (machines: readonly MachineDeclaration[]) => machines.map((each) => machineOf(each, known))
  let machines = parse(options.machines)
  const store = executionStore(home)
  const world = { resources, objects, now, random, waitScale, timers }
  const shared: ExecutionsState = { store, world, live: new Map(), liveMapRuns: new Map() }
  if (abortEarlier) abortEarlierExecutions(store, now())

  const service = jsonService({
    signingName: 'states',
    targetPrefix: 'AWSStepFunctions',
    version: '1.0',
    badRequest: 'ValidationException',
    operations: operationsOf(shared, () => machines, known),
    authorize: authorizeBy(options.authorize, STATES_ACCESSES),
    faults,
  })
  return {
    ...service,
    deploy(changed) {
      machines = parse(changed)
    },
    close: () => close(shared),
  }
}

/** Returns a machine whose definition has been checked, with its original text. */
function machineOf({ arn, name, definition }: MachineDeclaration, resources: readonly string[]): Machine {
  return { arn, name, definition: parseDefinition(definition, name, resources), source: definition }
}

function operationsOf(
  shared: ExecutionsState,
  machines: () => readonly Machine[],
  resources: readonly string[],
) {
  const find = (arn: string): Machine => {
    const machine = machines().find((candidate) => candidate.arn === arn)
    if (machine) return machine
    throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`)
  }
  return {
    StartExecution: operation(
      StartExecutionCommand,
      { stateMachineArn: ARN, name: true, input: true },
      (request) => start(shared, find(request.stateMachineArn), request),
    ),
    DescribeExecution: operation(DescribeExecutionCommand, ONE_EXECUTION, (request) =>
      describeExecution(shared, request.executionArn),
    ),
    StopExecution: operation(
      StopExecutionCommand,
      { ...ONE_EXECUTION, error: characters(0, 256), cause: characters(0, 32_768) },
      (request) => stop(shared, request),
    ),
    RedriveExecution: operation(
      RedriveExecutionCommand,
      // The SDK always sends a token.
      { ...ONE_EXECUTION, clientToken: true },
      (request) => {
        const record = redrivable(shared, request.executionArn)
        const machine = find(record.stateMachineArn)
        const definition = shared.store.readDefinition(record)
        const started = definition === undefined ? machine : machineOf({ ...machine, definition }, resources)
        redriveExecution(shared, started, record)
        return { redriveDate: new Date(shared.world.now()) }
      },
    ),
    ListExecutions: operation(
      ListExecutionsCommand,
      { stateMachineArn: ARN, ...ONE_MAP_RUN, statusFilter: true, ...PAGE },
      (request) => {
        if (request.stateMachineArn !== undefined) find(request.stateMachineArn)
        return listExecutions(shared, request)
      },
    ),
    GetExecutionHistory: operation(
      GetExecutionHistoryCommand,
      { ...ONE_EXECUTION, ...PAGE, reverseOrder: true },
      (request) => eventsOf(shared, request),
    ),
    DescribeMapRun: operation(DescribeMapRunCommand, ONE_MAP_RUN, (request) =>
      describeMapRun(shared, request.mapRunArn),
    ),
    ListMapRuns: operation(ListMapRunsCommand, ONE_EXECUTION, (request) =>
      listMapRuns(shared, request.executionArn),
    ),
    ListStateMachines: operation(ListStateMachinesCommand, {}, () => ({
      stateMachines: machines().map(({ arn, name }) => ({
        stateMachineArn: arn,
        name,
        type: 'STANDARD' as const,
        creationDate: new Date(0),
      })),
    })),
  }
}

const ARN = characters(1, 256)
const ONE_EXECUTION = { executionArn: ARN }
const ONE_MAP_RUN = { mapRunArn: characters(1, 2000) }
const PAGE = { maxResults: whole(0, 1000), nextToken: true } as const

async function stop(
  shared: ExecutionsState,
  { executionArn: arn, error, cause }: Complete<StopExecutionInput>,
) {
  const live = shared.live.get(arn)
  if (!live && !shared.store.read(arn)) throw notFound(arn)
  live?.abort(new ExecutionAborted('ABORTED', error, cause))
  await live?.done
  return { stopDate: new Date(shared.store.read(arn)!.stopDate!) }
}

function listMapRuns(shared: ExecutionsState, arn: string) {
  const record = shared.live.get(arn)?.record ?? shared.store.read(arn)
  if (!record) throw notFound(arn)
  const mapRuns = record.mapRuns.map((mapRunArn) => {
    const { startDate, stopDate } = describeMapRun(shared, mapRunArn)
    return { mapRunArn, executionArn: arn, stateMachineArn: record.stateMachineArn, startDate, stopDate }
  })
  return { mapRuns }
}

/**
 * Starts an execution; a repeated request while it runs returns the same one.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
function start(shared: ExecutionsState, machine: Machine, request: Complete<StartExecutionInput>) {
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
