import { fraction } from './fraction.ts'

/** A step that a service takes by itself, not as the answer to a call, such as a crawler's writing to the catalog. */
export interface Step {
  /**
   * `list-folder`: Athena lists a partition's folder, having got its Location from the catalog. `open-files`: Athena
   * opens the files that it listed. `write-crawl`: a crawler writes its findings to the catalog.
   */
  readonly name: 'list-folder' | 'open-files' | 'write-crawl'
  /** `<table>/<values>` of a partition, or the name of a table. */
  readonly key: string
}

/** A deviation that a test causes in a step, as it can happen on AWS. */
export interface StepFault {
  /** Milliseconds, on the services' clock, by which the step is delayed. @default 0 */
  readonly waitMilliseconds?: number
  /**
   * Crawls only: true if the crawl sets the Location of each partition that exists already back to its folder below the
   * table's own Location, provided that files were found there.
   * @default false
   */
  readonly setsLocations?: boolean
}

/** Chooses a fault for a step, or undefined for none. */
export type StepSource = (step: Step) => StepFault | undefined

/** Options of {@link randomWaits}. */
export interface RandomWaitsOptions {
  /** Any text; equal seeds give equal waits to equal steps. */
  readonly seed: string
  /** Longest delay of a step, in milliseconds on the services' clock; the shortest is 0. */
  readonly mostMilliseconds: number
  /** Returns true for a step to delay. @default all steps */
  readonly where?: (step: Step) => boolean
}

/**
 * Returns a source of faults that delays steps at random, evenly from 0 to the longest delay. The n-th step of a name
 * and key is delayed equally in every run with the same seed.
 */
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
