import type { StateGraph } from '../language/definition.ts'
import { asStateError, ExecutionAborted, TIMEOUT } from '../language/errors.ts'
import { createHistory, type History, type HistoryEvent } from '../records/history.ts'
import type { Checkpoint, ExecutionRecord, ExecutionStore, MapRunRecord, Status } from '../records/store.ts'
import { deadline } from './clock.ts'
import { runStates } from './interpreter.ts'
import type { ExecutionContext, MapRun, MapRunRequest, Run, World } from './run.ts'

/** An execution that this process is running. */
export interface LiveExecution {
  /** Current state of the execution; it changes while the execution runs. */
  readonly record: ExecutionRecord
  readonly history: History
  /** Ends the execution, with the status in `reason`, and interrupts its states. */
  abort(reason: ExecutionAborted): void
  /** Resolves when the execution has ended and is stored. */
  readonly done: Promise<void>
}

/** State that all executions of the service share. */
export interface ExecutionsState {
  readonly store: ExecutionStore
  readonly world: World
  /** Running executions, by ARN. */
  readonly live: Map<string, LiveExecution>
  /** Running Map Runs, by ARN. */
  readonly liveMapRuns: Map<string, MapRunRecord>
}

/** The states that an execution runs, and facts about the state machine to which they belong. */
export interface Program {
  readonly graph: StateGraph
  /** ARN of the deployed state machine, also for a child execution. */
  readonly machineArn: string
  /** Name of the machine in `$states.context.StateMachine`; for a child it ends in the Map's label. */
  readonly machineName: string
  /** Seconds after which the execution times out; undefined for no limit. */
  readonly timeoutSeconds?: number | undefined
  /** Signal that aborts a child together with its Map; absent for an execution that is no child. */
  readonly parentSignal?: AbortSignal
}

/**
 * Returns the record of a new execution, which has not been stored or started.
 *
 * @param input JSON text
 * @param startAt name of the first state
 * @param now start time, in milliseconds since 1970
 */
export function newRecord(
  identity: Pick<ExecutionRecord, 'arn' | 'name' | 'stateMachineArn' | 'mapRunArn'>,
  input: string,
  startAt: string,
  now: number,
): ExecutionRecord {
  const resume = { state: startAt, input: JSON.parse(input) as unknown, variables: {} }
  return { ...identity, status: 'RUNNING', startDate: now, input, redriveCount: 0, resume, mapRuns: [] }
}

/**
 * Returns the function with which an execution starts its Map Runs. In a redriven execution, the first Map Run of the
 * redriven state is continued instead of started anew.
 */
export type MapRunStarter = (
  shared: ExecutionsState,
  parent: ExecutionRecord,
  machineArn: string,
  start: Checkpoint,
) => (request: MapRunRequest) => MapRun

/** Continues an execution that ended without success, beginning with the state in which it ended. */
export function redrive(
  shared: ExecutionsState,
  record: ExecutionRecord,
  program: Program,
  startMapRuns: MapRunStarter,
): LiveExecution {
  const redriven: ExecutionRecord = {
    ...record,
    status: 'RUNNING',
    stopDate: undefined,
    error: undefined,
    cause: undefined,
    redriveCount: record.redriveCount + 1,
    redriveDate: shared.world.now(),
  }
  return launch(shared, redriven, program, startMapRuns, shared.store.readHistory(record.arn))
}

/**
 * Begins to run an execution, from the point in its record, and returns before any state has run.
 *
 * @param startMapRuns how its Distributed Maps start Map Runs
 * @param earlier events of the execution before a redrive; empty for a new execution
 */
export function launch(
  shared: ExecutionsState,
  record: ExecutionRecord,
  program: Program,
  startMapRuns: MapRunStarter,
  earlier: readonly HistoryEvent[] = [],
): LiveExecution {
  const history = createHistory(() => shared.world.now(), earlier)
  const controller = new AbortController()
  if (earlier.length > 0) {
    history.record('ExecutionRedriven', {
      executionRedrivenEventDetails: { redriveCount: record.redriveCount },
    })
  } else {
    history.record('ExecutionStarted', { executionStartedEventDetails: { input: record.input } })
  }
  const live = {
    record,
    history,
    abort: (reason: ExecutionAborted) => {
      controller.abort(reason)
    },
    done: Promise.resolve(),
  }
  // A child is stored when it ends: until then its parent counts as running.
  if (record.mapRunArn === undefined) {
    shared.store.markRunning(record.arn)
    shared.store.save(record)
  }
  shared.live.set(record.arn, live)
  live.done = execute(shared, live, program, startMapRuns, controller.signal)
  return live
}

async function execute(
  shared: ExecutionsState,
  live: LiveExecution,
  program: Program,
  startMapRuns: MapRunStarter,
  own: AbortSignal,
): Promise<void> {
  const { record, history } = live
  const { store, world } = shared
  const outer = program.parentSignal ? AbortSignal.any([own, program.parentSignal]) : own
  const timedOut = () => new ExecutionAborted('TIMED_OUT', TIMEOUT, 'The execution ran out of its time.')
  const [signal, done] =
    program.timeoutSeconds === undefined
      ? [outer, () => undefined]
      : deadline(world.timers, program.timeoutSeconds, outer, timedOut)
  const start = record.resume
  const startMapRun = startMapRuns(shared, record, program.machineArn, start)
  const run: Run = { world, context: contextOf(record, program), history, signal, startMapRun }
  const frame = { run, signal, variables: { ...start.variables }, outer: {} }
  let isResumed = start.mapRun !== undefined
  const onState = (state: string, input: unknown) => {
    const mapRun: Partial<Checkpoint> = isResumed ? { mapRun: start.mapRun! } : {}
    isResumed = false
    record.resume = { state, input, variables: { ...frame.variables }, ...mapRun }
    if (record.mapRunArn === undefined) store.save(record)
  }
  try {
    // StartExecution is answered before anything runs.
    await Promise.resolve()
    record.output = JSON.stringify(await runStates(program.graph, start, frame, onState))
    end(shared, live, 'SUCCEEDED')
  } catch (thrown) {
    fail(shared, live, signal.aborted ? signal.reason : thrown)
  } finally {
    done()
  }
}

function contextOf(record: ExecutionRecord, program: Program): ExecutionContext {
  return {
    Execution: {
      Id: record.arn,
      Name: record.name,
      Input: JSON.parse(record.input) as unknown,
      StartTime: new Date(record.startDate).toISOString(),
      RedriveCount: record.redriveCount,
    },
    StateMachine: { Id: record.stateMachineArn, Name: program.machineName },
  }
}

function fail(shared: ExecutionsState, live: LiveExecution, thrown: unknown): void {
  const { record } = live
  if (thrown instanceof ExecutionAborted) {
    record.error = thrown.error
    record.cause = thrown.message === '' ? undefined : thrown.message
    end(shared, live, thrown.status)
  } else {
    const error = asStateError(thrown)
    record.error = error.name
    record.cause = error.message
    end(shared, live, 'FAILED')
  }
}

const END_EVENTS = {
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  TIMED_OUT: 'ExecutionTimedOut',
  ABORTED: 'ExecutionAborted',
} as const

function end(shared: ExecutionsState, live: LiveExecution, status: Exclude<Status, 'RUNNING'>): void {
  const { record, history } = live
  const { store } = shared
  record.status = status
  record.stopDate = shared.world.now()
  const { error, cause, output } = record
  const type = END_EVENTS[status]
  const name = `${type[0]!.toLowerCase()}${type.slice(1)}EventDetails` as const
  history.record(type, { [name]: status === 'SUCCEEDED' ? { output } : { error, cause } })
  try {
    store.saveHistory(record.arn, history.events)
    store.save(record)
    if (record.mapRunArn === undefined) store.unmarkRunning(record.arn)
    shared.live.delete(record.arn)
  } catch (thrown) {
    // Not stored: this process reports the end from memory; the next one finds it running, and aborts it.
    const { name, message } = asStateError(thrown)
    Object.assign(record, { status: 'FAILED', output: undefined, error: name, cause: message })
  }
}
