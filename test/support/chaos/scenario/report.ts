/** What came of a scenario. */
export interface ScenarioReport {
  readonly name: string
  /** Disturbed runs after which the next run left the world that an undisturbed one leaves. */
  readonly mended: number
  readonly of: number
  /** What the random choices of the scenario follow from. */
  readonly seed?: string
}

/** One disturbed run that was not mended. */
export interface Failure {
  /** What was done to it. */
  readonly disturbance: string
  /** Faults that happened. */
  readonly faults: readonly string[]
  readonly differences: readonly string[]
  /** Copy of the home as it was found. */
  readonly home: string
}

/** Hears how far a scenario is. */
export interface Listener {
  /** A disturbed run is through. */
  readonly checked: (scenario: string, done: number, of: number) => void
  readonly failed: (scenario: string, failure: Failure) => void
  /** Faults that happened by chance to a disturbed run. */
  readonly happened: (scenario: string, faults: readonly string[]) => void
}
