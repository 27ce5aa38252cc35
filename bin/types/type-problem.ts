/** A mistake in the types of a module. */
export interface TypeProblem {
  /** Path from the folder that problems are told of. */
  readonly file: string
  /** Counted from 1. */
  readonly line: number
  readonly column: number
  /** Lines of explanation follow on lines of their own. */
  readonly message: string
}
