/** Result of a scenario. */
export interface ScenarioReport {
  readonly name: string
  /** Number of disturbed runs after which the next run left the same world as an undisturbed one. */
  readonly mended: number
  readonly of: number
  /** Seed of the scenario's random choices. */
  readonly seed?: string
}

/** A disturbed run that was not mended. */
export interface Failure {
  /** Description of the disturbance. */
  readonly disturbance: string
  /** Faults that happened. */
  readonly faults: readonly string[]
  readonly differences: readonly string[]
  /** Copy of the home after the failure. */
  readonly home: string
}

/** Called as a scenario goes on. */
export interface Listener {
  /** Called after each disturbed run. */
  readonly checked: (scenario: string, done: number, of: number) => void
  readonly failed: (scenario: string, failure: Failure) => void
  /** Called with the faults that happened by chance to a disturbed run. */
  readonly happened: (scenario: string, faults: readonly string[]) => void
}
