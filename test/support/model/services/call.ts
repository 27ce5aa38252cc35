import type { Cells } from './cells.ts'

/** S3, Glue and the time at one moment. */
export interface World {
  readonly cells: Cells
  /** Seconds since 1970, by the clock of S3 and Glue. */
  readonly now: number
}

/** What the caller is told. */
export interface Told {
  /** Seconds since 1970 at which it was answered, by the answer's own header. */
  readonly date: number
  /** What the SDK's client gives or throws. */
  readonly give: () => unknown
}

/** How a call was answered. */
export interface Answer extends Told {
  readonly world: World
  /** Equal for answers that the caller cannot tell apart. */
  readonly id: string
  /** A few words for a trace. */
  readonly words: string
  /** Whether nothing was done. @default false */
  readonly isRefused?: boolean
}

/** A call to S3 or Glue that has been made and not been answered. It happens when it is run, all at once. */
export interface Call {
  /** The command, for a trace. */
  readonly name: string
  /** What it is about, for a trace: a key, a table, a crawler. */
  readonly subject: string
  /** Names of the cells that the answer depends on; one that ends in `*` is a prefix. */
  readonly reads: readonly string[]
  /** Names of the cells that it may change. */
  readonly writes: readonly string[]
  readonly run: (world: World) => Answer
  /** Whether it can be answered yet. @default always */
  readonly isReady?: (world: World) => boolean
}

/** Stands among the cells for the clock: a call that reads it is not indifferent to when it happens. */
export const CLOCK = 'clock'

/** A command of the SDK, as its clients are given it. */
export interface Command {
  readonly input: object
}

/** What a service makes of each command that it knows: a row a command. */
export type Operations = ReadonlyMap<unknown, (input: never) => Call>

/**
 * The call that a command asks for.
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
