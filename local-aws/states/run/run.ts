import type { Timers } from '../../timers.ts'
import type { StateGraph } from '../language/definition.ts'
import type { Bindings } from '../language/expressions.ts'
import type { History } from '../records/history.ts'
import type { ItemCounts } from '../records/store.ts'

/** The call that a Task state makes to its resource. */
export interface TaskCall {
  /** Value of the Task's `Arguments`, else its input. */
  readonly arguments: unknown
  /** Aborts when the state times out or the execution ends. */
  readonly signal: AbortSignal
}

/**
 * Does the work of Task states that have a certain `Resource`, and returns the result of the state.
 *
 * @throws StateError for a failure that Retry and Catch may match
 */
export type TaskResource = (call: TaskCall) => Promise<unknown>

/** The part of S3 that Distributed Maps use, to read their items and to write their results. */
export interface ObjectStore {
  /**
   * Returns the whole content of an object.
   *
   * @throws Error if there is no such object
   */
  get(bucket: string, key: string): Promise<Buffer>
  /** Writes an object, in place of an earlier one. */
  put(bucket: string, key: string, body: Buffer): Promise<void>
}

/** Everything outside of a state machine that its execution depends on: resources, S3, time and chance. */
export interface World {
  /** Functions that do the work of Tasks, by the ARN in the Task's `Resource`. */
  readonly resources: Readonly<Record<string, TaskResource>>
  readonly objects: ObjectStore
  /** Milliseconds since 1970. */
  now(): number
  /** Returns a number from 0 to 1. */
  random(): number
  /** Timers of Wait states, retries and timeouts. */
  readonly timers: Timers
  /** Factor by which the seconds of Wait states and retries are multiplied. */
  readonly waitScale: number
}

/** Facts about an execution that expressions read as `$states.context`. */
export interface ExecutionContext {
  readonly Execution: {
    /** ARN of the execution. */
    readonly Id: string
    readonly Name: string
    readonly Input: unknown
    /** ISO time. */
    readonly StartTime: string
    readonly RedriveCount: number
  }
  readonly StateMachine: { readonly Id: string; readonly Name: string }
}

/** Outcome of a child execution of a Distributed Map. */
export interface ChildResult {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED'
  readonly arn: string
  readonly stateMachineArn: string
  readonly name: string
  /** Input as JSON text. */
  readonly input: string
  /** Output as JSON text; only of a child that succeeded. */
  readonly output?: string | undefined
  readonly error?: string | undefined
  readonly cause?: string | undefined
  readonly redriveCount: number
  /** Milliseconds since 1970. */
  readonly startDate: number
  /** Milliseconds since 1970. */
  readonly stopDate?: number | undefined
}

/** A Map Run in progress: the child executions that a Distributed Map has started. */
export interface MapRun {
  readonly id: string
  readonly arn: string
  /** Number of items in each status; changes while the children run. */
  readonly counts: ItemCounts
  /**
   * Runs the child execution for an item and returns its result. After a redrive, returns the earlier result of a child
   * that has succeeded already, and continues one that has failed.
   */
  child(index: number, input: unknown, signal: AbortSignal): Promise<ChildResult>
  /** Stores the end of the Map Run. */
  finish(status: 'SUCCEEDED' | 'FAILED' | 'ABORTED'): void
}

/**
 * Request of a Distributed Map to start a Map Run for its items. A limit of tolerated failures that is 0 is ignored if
 * the other one is set; if both are set, either can fail the Map.
 */
export interface MapRunRequest {
  /** Name of the Map state. */
  readonly stateName: string
  /** Part of the ARNs of the Map Run and its children: the state's `Label`, else a shortened name of the state. */
  readonly label: string
  /** States that each child runs. */
  readonly graph: StateGraph
  /** Number of items. */
  readonly total: number
  /** Maximum number of children that run at the same time, 1 to 10,000. */
  readonly maxConcurrency: number
  /** Percentage of items that may fail, 0 to 100. */
  readonly toleratedFailurePercentage: number
  /** Number of items that may fail, from 0. */
  readonly toleratedFailureCount: number
}

/** The execution that a state belongs to, with everything that states need from it. */
export interface Run {
  readonly world: World
  readonly context: ExecutionContext
  readonly history: History
  /** Aborts when the execution is stopped or times out. */
  readonly signal: AbortSignal
  /** Starts a Map Run; in a redriven execution, continues the Map Run of the redriven state. */
  startMapRun(request: MapRunRequest): MapRun
}

/**
 * Scope of variables: the states of an execution, of a branch of a Parallel, or of an iteration of an inline Map run in
 * one frame each.
 */
export interface Frame {
  readonly run: Run
  /** Aborts when the states of this frame must end. */
  readonly signal: AbortSignal
  /** Variables that states of this frame have assigned. States of inner frames can read them. */
  readonly variables: Record<string, unknown>
  /** Variables of the frames around this one, as they were when this frame was created. */
  readonly outer: Bindings
  /** The item of the innermost inline Map; absent outside of inline Maps. */
  readonly map?: MapItem
}

/** Item of an inline or distributed Map, which expressions read as `$states.context.Map`. `Index` counts from 0. */
export interface MapItem {
  readonly Item: { readonly Index: number; readonly Value: unknown }
}

/**
 * Runs states one after another, beginning with `start`, and returns the output of the last one; `runStates` is the
 * only implementation. It comes as a parameter where an import would be circular.
 */
export type RunStates = (
  graph: StateGraph,
  start: { readonly state: string; readonly input: unknown },
  frame: Frame,
) => Promise<unknown>

/**
 * Creates a frame inside another one. Its states read the variables of both, and assign their own.
 *
 * @param signal aborts when the states of the new frame must end
 * @param map item of the iteration; undefined for a branch of a Parallel
 */
export function innerFrame(frame: Frame, signal: AbortSignal, map?: MapItem): Frame {
  const inner = { run: frame.run, signal, variables: {}, outer: { ...frame.outer, ...frame.variables } }
  const item = map ?? frame.map
  return item ? { ...inner, map: item } : inner
}
