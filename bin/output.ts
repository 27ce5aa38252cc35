/** Prints a line of a command's result on stdout. */
export function printLine(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** Prints a line about current work on stderr, so that stdout holds results only. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`)
}

/**
 * Prints the single JSON document of a command with `--json` on stdout. A bigint becomes a number if that is exact,
 * else text.
 */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, plain, 2)}\n`)
}

/** Writes a bigint as a number if that is exact, else as text. */
function plain(_: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
}
