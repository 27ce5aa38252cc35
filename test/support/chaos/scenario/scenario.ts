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
  /** Input of the next run, and of the one undisturbed run that gives the same world. */
  readonly next: Input
}

/** Something that is done to the executions of a variant. */
export interface Disturbance extends Omit<RunCommand, 'inputs'> {
  readonly variant: Variant
  /** In words, for whoever wants to see it again. */
  readonly text: string
}

/** A run that nothing disturbed. */
export interface Undisturbed {
  readonly state: EndState
  /** Names of its changes of state, in order. */
  readonly writes: readonly string[]
}

/** A past, and what happens to the runs after it. */
export interface Scenario {
  readonly name: string
  /** Feature code of the runs; the past is made with `index`. */
  readonly registry: Registry
  /** Raw files as they arrived; a run after each. */
  readonly past: readonly (readonly RawFile[])[]
  /** Input of the runs of the past. */
  readonly pastInput: Input
  /** Raw files that the runs find new. */
  readonly news: readonly RawFile[]
  readonly variants: readonly Variant[]
  /** What is done, given what happens undisturbed to each variant. */
  readonly disturbances: (
    undisturbed: ReadonlyMap<Variant, Undisturbed>,
    seed: string,
  ) => readonly Disturbance[]
  /** Whether the seed changes what is done. */
  readonly isRandom: boolean
}

/** Makes the world of the moment before a scenario's runs. */
export async function prepare(world: World, { past, pastInput, news }: Scenario): Promise<void> {
  for (const files of past) {
    world.putRaw(files)
    const end = await world.runNext(pastInput)
    if (end.status !== 'SUCCEEDED') throw new Error(`The past: ${end.error}: ${end.cause}`)
  }
  world.putRaw(news)
}
