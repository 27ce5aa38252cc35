/** A type error in a module. */
export interface TypeProblem {
  /** Path of the module, relative to a folder that the caller chose. */
  readonly file: string
  /** Line, from 1, as is `column`. */
  readonly line: number
  readonly column: number
  /** Message; further lines explain it. */
  readonly message: string
}
