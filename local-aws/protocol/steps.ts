import { fraction } from './fraction.ts'

/** A step that a service takes by itself, between the calls of its callers. */
export interface Step {
  /**
   * `list-folder`: Athena lists a partition's folder, having got its Location from the catalog. `open-files`: Athena
   * opens the files that it listed. `write-crawl`: a crawler writes its findings to the catalog.
   */
  readonly name: 'list-folder' | 'open-files' | 'write-crawl'
  /** `<table>/<values>` of a partition, or the name of a table. */
  readonly key: string
}

/** A deviation in a step, as it may happen on AWS. */
export interface StepFault {
  /** Milliseconds on the services' clock that pass before the step. @default 0 */
  readonly waitMilliseconds?: number
  /**
   * Crawls only: resets the Locations of known partitions to their folders below the table's own Location, if files
   * were found there.
   * @default false
   */
  readonly setsLocations?: boolean
}

/** Chooses a fault for a step, or undefined for none. */
export type StepSource = (step: Step) => StepFault | undefined

/** Seed and bounds of random waits. */
export interface RandomWaitsOptions {
  /** Any text; equal seeds give equal waits to equal steps. */
  readonly seed: string
  /** Longest wait, in milliseconds on the services' clock. */
  readonly mostMilliseconds: number
  /** True for the steps that are delayed. @default all */
  readonly where?: (step: Step) => boolean
}

/** Delays steps at random. The n-th step of a name and key waits equally long in every run with the same seed. */
export function randomWaits({ seed, mostMilliseconds, where = () => true }: RandomWaitsOptions): StepSource {
  const counts = new Map<string, number>()
  return (step) => {
    if (!where(step)) return undefined
    const name = `${step.name}\0${step.key}`
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    return { waitMilliseconds: Math.round(fraction(`${seed}\0${count}\0${name}`) * mostMilliseconds) }
  }
}
