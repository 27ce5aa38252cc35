/** Methods of ES2024 that Node 20 has, but the language level of this project does not. */
interface String {
  isWellFormed(): boolean
  toWellFormed(): string
}
