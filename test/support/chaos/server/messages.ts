/** A kill of a process, after a change of state has taken effect and before it is answered. */
export interface Kill {
  /** Name of the change (see `writeNamer`), or its number from 1. */
  readonly after: string | number
  /**
   * `writer`: the process that made the change. `container`: all processes of the job, if a job made it. `group`: the
   * server with all its functions and jobs.
   */
  readonly victim: 'writer' | 'container' | 'group'
  /** Signal that a job's container gets instead of SIGKILL, as SageMaker stops it. */
  readonly signal?: 'SIGINT' | 'SIGTERM'
}

/** Random faults: the same seed gives the same faults to the same calls. */
export interface RandomChaos {
  readonly seed: string
  /** Share of calls that fail. */
  readonly rate: number
  /** Share of changes of state after which the writing process dies. */
  readonly deathRate: number
  /** `delays`: calls are only late. */
  readonly kind: 'any' | 'delays'
}

/** Executions to run, which are started together. */
export interface RunCommand {
  /** Inputs of the executions. */
  readonly inputs: readonly Readonly<Record<string, unknown>>[]
  /** Seconds by which the clock of the services jumps ahead before the run. @default 0 */
  readonly advanceSeconds?: number
  readonly kill?: Kill
  readonly random?: RandomChaos
}

/** The end of an execution. */
export interface ExecutionEnd {
  readonly status: string
  readonly error?: string | undefined
  readonly cause?: string | undefined
}

/** Result of a command. */
export interface RunResult {
  readonly executions: readonly ExecutionEnd[]
  /** Names of the changes of state, in order. */
  readonly writes: readonly string[]
  /** True if the kill was reached. */
  readonly killed: boolean
  /** Faults that happened, as text. */
  readonly faults: readonly string[]
}

/** Messages of the server to the process that started it. */
export type ServerMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'done'; readonly result: RunResult }
  | { readonly type: 'failed'; readonly message: string }

/** Options of a server, which it gets as JSON. */
export interface ServerOptions {
  readonly projectRoot: string
  readonly home: string
  readonly registry: string
  readonly context: Readonly<Record<string, string>>
}
