import type { Timers } from '../../timers.ts'
import type { StateGraph } from '../language/definition.ts'
import type { Bindings } from '../language/expressions.ts'
import type { History } from '../records/history.ts'
import type { ItemCounts } from '../records/store.ts'

/** One call of a Task's resource. */
export interface TaskCall {
  readonly arguments: unknown
  /** Aborts when the state times out or the execution ends. */
  readonly signal: AbortSignal
}

/**
 * Does the work of a Task with a certain `Resource`, and returns its result.
 *
 * @throws StateError for a failure that Retry and Catch may match
 */
export type TaskResource = (call: TaskCall) => Promise<unknown>

/** The store from which a Distributed Map reads its items and to which it writes its results. */
export interface ObjectStore {
  /** @throws Error if there is no such object */
  get(bucket: string, key: string): Promise<Buffer>
  put(bucket: string, key: string, body: Buffer): Promise<void>
}

/** The outside world of the interpreter. */
export interface World {
  /** Resources by the ARN in a Task's `Resource`. */
  readonly resources: Readonly<Record<string, TaskResource>>
  readonly objects: ObjectStore
  /** Milliseconds since 1970. */
  now(): number
  /** Returns a number from 0 to 1. */
  random(): number
  readonly timers: Timers
  /** Factor that shortens the seconds of waits and retries. */
  readonly waitScale: number
}

/** An execution as expressions see it in `$states.context`. */
export interface ExecutionContext {
  readonly Execution: {
    readonly Id: string
    readonly Name: string
    readonly Input: unknown
    /** ISO time. */
    readonly StartTime: string
    readonly RedriveCount: number
  }
  readonly StateMachine: { readonly Id: string; readonly Name: string }
}

/** Outcome of a Distributed Map's child. */
export interface ChildResult {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED'
  readonly arn: string
  readonly stateMachineArn: string
  readonly name: string
  /** JSON. */
  readonly input: string
  /** JSON; only of a success. */
  readonly output?: string | undefined
  readonly error?: string | undefined
  readonly cause?: string | undefined
  readonly redriveCount: number
  /** Milliseconds since 1970. */
  readonly startDate: number
  readonly stopDate?: number | undefined
}

/** A Map Run in progress. */
export interface MapRun {
  readonly id: string
  readonly arn: string
  readonly counts: ItemCounts
  /** Runs the child for an item, or returns the result of an earlier life in which it succeeded. */
  child(index: number, input: unknown, signal: AbortSignal): Promise<ChildResult>
  finish(status: 'SUCCEEDED' | 'FAILED' | 'ABORTED'): void
}

/** The parameters of a Map Run. */
export interface MapRunRequest {
  readonly stateName: string
  readonly label: string
  readonly graph: StateGraph
  readonly total: number
  readonly maxConcurrency: number
  readonly toleratedFailurePercentage: number
  readonly toleratedFailureCount: number
}

/** One execution in progress, as its states see it. */
export interface Run {
  readonly world: World
  readonly context: ExecutionContext
  readonly history: History
  readonly signal: AbortSignal
  /** Starts a Map Run, or continues the one that this execution is redriven in. */
  startMapRun(request: MapRunRequest): MapRun
}

/** States that share variables: those of an execution, a branch, or an iteration of an inline Map. */
export interface Frame {
  readonly run: Run
  readonly signal: AbortSignal
  /** Variables assigned in this frame; states of inner frames read them as well. */
  readonly variables: Record<string, unknown>
  /** Variables of the frames around this one. */
  readonly outer: Bindings
  /** The item, in an iteration of an inline Map. */
  readonly map?: MapItem
}

/** Value of `$states.context.Map`. */
export interface MapItem {
  readonly Item: { readonly Index: number; readonly Value: unknown }
}

/** Runs states from `start` until one ends, and returns its output. */
export type RunStates = (
  graph: StateGraph,
  start: { readonly state: string; readonly input: unknown },
  frame: Frame,
) => Promise<unknown>

/** Creates a frame inside another: it sees the outer variables and has its own. */
export function innerFrame(frame: Frame, signal: AbortSignal, map?: MapItem): Frame {
  const inner = { run: frame.run, signal, variables: {}, outer: { ...frame.outer, ...frame.variables } }
  const item = map ?? frame.map
  return item ? { ...inner, map: item } : inner
}
