import type { Cells } from './cells.ts'

/** S3, Glue and the time at one moment. */
export interface World {
  readonly cells: Cells
  /** Seconds since 1970, by the clock of S3 and Glue. */
  readonly now: number
}

/** The answer as its caller gets it. */
export interface Told {
  /** Time of the answer in seconds since 1970, from the answer's own header. */
  readonly date: number
  /** Returns, or throws, the result of the SDK's client. */
  readonly give: () => unknown
}

/** The answer to a call. */
export interface Answer extends Told {
  readonly world: World
  /** Equal for answers that the caller cannot tell apart. */
  readonly id: string
  /** A few words for a trace. */
  readonly words: string
  /** True if the call had no effect. @default false */
  readonly isRefused?: boolean
}

/** A call to S3 or Glue that has not been answered yet. It takes effect, all at once, when it is run. */
export interface Call {
  /** Name of the command, for a trace. */
  readonly name: string
  /** Subject, for a trace: a key, a table, a crawler. */
  readonly subject: string
  /** Names of the cells that the answer depends on; one that ends in `*` is a prefix. */
  readonly reads: readonly string[]
  /** Names of the cells that it may change. */
  readonly writes: readonly string[]
  readonly run: (world: World) => Answer
  /** True if it can be answered now. @default always */
  readonly isReady?: (world: World) => boolean
}

/** Stands for the clock among the cells: the time at which a call that reads it happens makes a difference. */
export const CLOCK = 'clock'

/** A command of the SDK, as its clients are given it. */
export interface Command {
  readonly input: object
}

/** The calls that a service makes of its commands, one row per command. */
export type Operations = ReadonlyMap<unknown, (input: never) => Call>

/**
 * Returns the call that a command asks for.
 *
 * @throws Error for a command that the model does not know
 */
export function callOf(operations: Operations, command: Command): Call {
  const operation = operations.get(command.constructor)
  if (!operation)
    throw new Error(`The model does not know ${command.constructor.name}: add it to its services.`)
  return operation(command.input as never)
}

/** Refuses members of a request that the model would ignore. */
export function checkServed(input: object, served: readonly string[]): void {
  const unknown = Object.entries(input).find(([name, value]) => value !== undefined && !served.includes(name))
  if (unknown)
    throw new Error(`The model does not know the member ${unknown[0]} of a request: add it to its services.`)
}
