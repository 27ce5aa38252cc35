/** What a process is killed by, once a change of state has taken effect and before it is answered. */
export interface Kill {
  /** Name of the change (see `writeNamer`), or its number from 1. */
  readonly after: string | number
  /**
   * `writer`: the process that made the change. `container`: where a job made it, all of the job's processes. `group`:
   * the server with all its functions and jobs.
   */
  readonly victim: 'writer' | 'container' | 'group'
  /** What a job's container gets instead of SIGKILL, as SageMaker stops it. */
  readonly signal?: 'SIGINT' | 'SIGTERM'
}

/** Faults at random: the same seed gives the same to the same calls. */
export interface RandomChaos {
  readonly seed: string
  /** Share of calls that go wrong. */
  readonly rate: number
  /** Share of changes of state after which the writing process dies. */
  readonly deathRate: number
  /** `delays`: calls are late, nothing else. */
  readonly kind: 'any' | 'delays'
}

/** Executions to run: they are started together. */
export interface RunCommand {
  /** Inputs of the executions. */
  readonly inputs: readonly Readonly<Record<string, unknown>>[]
  /** The clock of the services jumps so far ahead before anything runs. @default 0 */
  readonly advanceSeconds?: number
  readonly kill?: Kill
  readonly random?: RandomChaos
}

/** How an execution ended. */
export interface ExecutionEnd {
  readonly status: string
  readonly error?: string | undefined
  readonly cause?: string | undefined
}

/** What came of a command. */
export interface RunResult {
  readonly executions: readonly ExecutionEnd[]
  /** Names of the changes of state, in order. */
  readonly writes: readonly string[]
  /** Whether the kill was reached. */
  readonly killed: boolean
  /** What went wrong, as text. */
  readonly faults: readonly string[]
}

/** From the server to the process that started it. */
export type ServerMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'done'; readonly result: RunResult }
  | { readonly type: 'failed'; readonly message: string }

/** How a server is started. */
export interface ServerOptions {
  readonly projectRoot: string
  readonly home: string
  readonly registry: string
  readonly context: Readonly<Record<string, string>>
}
