/** ES2024, which Node 20 has and the language level of this project does not. */
interface String {
  isWellFormed(): boolean
  toWellFormed(): string
}
