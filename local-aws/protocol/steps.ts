import { fraction } from './fraction.ts'

/** A step that a service takes by itself, between the calls of its callers. */
export interface Step {
  /**
   * `list-folder`: Athena lists a partition's folder, whose Location it has got from the catalog. `open-files`: it opens
   * the files that it listed. `write-crawl`: a crawler writes to the catalog what it has found.
   */
  readonly name: 'list-folder' | 'open-files' | 'write-crawl'
  /** `<table>/<values>` of a partition, or a table. */
  readonly key: string
}

/** What a service does otherwise in a step, as AWS may. */
export interface StepFault {
  /** Milliseconds on the services' clock that pass before it. @default 0 */
  readonly waitMilliseconds?: number
  /**
   * Crawls only: Locations of known partitions are set back to their folders below the table's own Location, as far as
   * files were found there.
   * @default false
   */
  readonly setsLocations?: boolean
}

/** Chooses a fault for a step, or none. */
export type StepSource = (step: Step) => StepFault | undefined

export interface RandomWaitsOptions {
  /** Any text; the same seed gives the same waits to the same steps. */
  readonly seed: string
  readonly mostMilliseconds: number
  /** The steps that are put off. @default all */
  readonly where?: (step: Step) => boolean
}

/** Puts off steps at random. The n-th step of a name and key waits as long in every run of the same seed. */
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
