import type { RunCommand } from '../server/messages.ts'
import type { EndState } from '../world/end-state.ts'
import type { RawFile } from '../world/raw-files.ts'
import type { Registry, World } from '../world/world.ts'

/** Input of an execution. */
export type Input = Readonly<Record<string, unknown>>

/** Executions that are disturbed. */
export interface Variant {
  /** Inputs of executions that are started together. */
  readonly inputs: readonly Input[]
  /** Input of the next run, and of the single undisturbed run that gives the same world. */
  readonly next: Input
}

/** A disturbance of the executions of a variant. */
export interface Disturbance extends Omit<RunCommand, 'inputs'> {
  readonly variant: Variant
  /** Description in words, for people who want to repeat it. */
  readonly text: string
}

/** A run that nothing disturbed. */
export interface Undisturbed {
  readonly state: EndState
  /** Names of its changes of state, in order. */
  readonly writes: readonly string[]
}

/** A past, and the disturbances of the runs after it. */
export interface Scenario {
  readonly name: string
  /** Feature code of the runs; the past is made with `index`. */
  readonly registry: Registry
  /** Raw files of the past, in the batches in which they arrived; a run followed each. */
  readonly past: readonly (readonly RawFile[])[]
  /** Input of the runs of the past. */
  readonly pastInput: Input
  /** New raw files for the runs. */
  readonly news: readonly RawFile[]
  readonly variants: readonly Variant[]
  /** Returns the disturbances, given the undisturbed run of each variant. */
  readonly disturbances: (
    undisturbed: ReadonlyMap<Variant, Undisturbed>,
    seed: string,
  ) => readonly Disturbance[]
  /** True if the seed changes the disturbances. */
  readonly isRandom: boolean
}

/** Brings a world to the moment before a scenario's runs. */
export async function prepare(world: World, { past, pastInput, news }: Scenario): Promise<void> {
  for (const files of past) {
    world.putRaw(files)
    const end = await world.runNext(pastInput)
    if (end.status !== 'SUCCEEDED') throw new Error(`The past: ${end.error}: ${end.cause}`)
  }
  world.putRaw(news)
}
