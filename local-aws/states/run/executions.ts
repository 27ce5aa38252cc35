import { deadline } from './clock.ts'
import { executionArn } from '../arns.ts'
import type { Definition, StateGraph } from '../language/definition.ts'
import { asStateError, ExecutionAborted, TIMEOUT } from './errors.ts'
import { createHistory, type History, type HistoryEvent } from '../history.ts'
import { runStates } from './interpreter.ts'
import { mapRunStarter } from './map-run.ts'
import type { Checkpoint, ExecutionContext, Run, World } from './run.ts'
import type { ExecutionRecord, ExecutionStore, MapRunRecord, Status } from '../store.ts'

/** A state machine that has been checked. */
export interface Machine {
  readonly arn: string
  readonly name: string
  readonly definition: Definition
}

/** An execution that runs in this process. */
export interface LiveExecution {
  readonly record: ExecutionRecord
  readonly history: History
  /** Ends it; states that wait, wait no longer. */
  abort(reason: ExecutionAborted): void
  /** Resolves when it has ended and is saved. */
  readonly done: Promise<void>
}

/** What executions share. */
export interface ExecutionsState {
  readonly store: ExecutionStore
  readonly world: World
  readonly live: Map<string, LiveExecution>
  readonly liveMapRuns: Map<string, MapRunRecord>
}

/** What an execution runs. */
export interface Program {
  readonly graph: StateGraph
  /** ARN of the machine itself, also for a child. */
  readonly machineArn: string
  /** Name in `$states.context.StateMachine`. */
  readonly machineName: string
  readonly timeoutSeconds?: number | undefined
  /** Of a child: ends with its parent. */
  readonly parentSignal?: AbortSignal
}

/** The record of an execution that has not started yet. */
export function newRecord(
  identity: Pick<ExecutionRecord, 'arn' | 'name' | 'stateMachineArn' | 'mapRunArn'>,
  input: string,
  startAt: string,
  now: number,
): ExecutionRecord {
  const resume = { state: startAt, input: JSON.parse(input) as unknown, variables: {} }
  return { ...identity, status: 'RUNNING', startDate: now, input, redriveCount: 0, resume, mapRuns: [] }
}

/** Starts a machine's execution under a name that was never used. */
export function startExecution(
  shared: ExecutionsState,
  machine: Machine,
  name: string,
  input: string,
): LiveExecution {
  const identity = { arn: executionArn(machine.arn, name), name, stateMachineArn: machine.arn }
  const record = newRecord(identity, input, machine.definition.StartAt, shared.world.now())
  return launch(shared, record, programOf(machine), [])
}

/** Goes on with an execution that ended without success, from the state that it ended in. */
export function redriveExecution(
  shared: ExecutionsState,
  record: ExecutionRecord,
  program: Program,
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
  return launch(shared, redriven, program, shared.store.readHistory(record.arn))
}

/** What a machine's executions run. */
export function programOf(machine: Machine): Program {
  const { definition, arn, name } = machine
  return { graph: definition, machineArn: arn, machineName: name, timeoutSeconds: definition.TimeoutSeconds }
}

function launch(
  shared: ExecutionsState,
  record: ExecutionRecord,
  program: Program,
  earlier: readonly HistoryEvent[],
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
  shared.live.set(record.arn, live)
  // A child is saved when it ends: until then it is its parent that runs.
  if (record.mapRunArn === undefined) {
    shared.store.markRunning(record.arn)
    shared.store.save(record)
  }
  live.done = execute(shared, live, program, controller.signal)
  return live
}

async function execute(
  shared: ExecutionsState,
  live: LiveExecution,
  program: Program,
  own: AbortSignal,
): Promise<void> {
  const { record, history } = live
  const { store, world } = shared
  const outer = program.parentSignal ? AbortSignal.any([own, program.parentSignal]) : own
  const timedOut = () => new ExecutionAborted('TIMED_OUT', TIMEOUT, 'The execution ran out of its time.')
  const [signal, done] =
    program.timeoutSeconds === undefined
      ? [outer, () => undefined]
      : deadline(program.timeoutSeconds, outer, timedOut)
  const start = record.resume
  const startMapRun = mapRunStarter(shared, record, program.machineArn, start)
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
    // The caller of StartExecution gets its answer before anything runs.
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
  store.saveHistory(record.arn, history.events)
  store.save(record)
  if (record.mapRunArn === undefined) store.unmarkRunning(record.arn)
  shared.live.delete(record.arn)
}

/** Marks as aborted what a process that is gone left running. */
export function abortEarlierExecutions(store: ExecutionStore, now: number): void {
  for (const record of store.running()) {
    if (record.status === 'RUNNING') {
      store.save({ ...record, status: 'ABORTED', stopDate: now, cause: 'The process that ran it is gone.' })
    }
    for (const arn of record.mapRuns) {
      const mapRun = store.readMapRun(arn)
      if (mapRun?.status === 'RUNNING') store.saveMapRun({ ...mapRun, status: 'ABORTED', stopDate: now })
    }
    store.unmarkRunning(record.arn)
  }
}

/** What a child runs. */
export function childProgram(
  machineArn: string,
  label: string,
  graph: StateGraph,
  parentSignal: AbortSignal,
): Program {
  const machineName = `${machineArn.split(':').at(-1)!}/${label}`
  return { graph, machineArn, machineName, parentSignal }
}

/** Starts a child of a Map Run, or redrives the one that failed in the earlier life of the Map Run. */
export function startChild(
  shared: ExecutionsState,
  record: ExecutionRecord,
  program: Program,
  isRedriven: boolean,
): LiveExecution {
  return isRedriven ? redriveExecution(shared, record, program) : launch(shared, record, program, [])
}
