/** A type error in a module, as it is shown to people. */
export interface TypeProblem {
  /** Path of the module, relative to a folder that the caller chose. */
  readonly file: string
  /** Line, from 1. */
  readonly line: number
  /** Column in the line, from 1. */
  readonly column: number
  /** Message; further lines explain it. */
  readonly message: string
}
