/** A line on stdout. */
export function printLine(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** A line on stderr, about what is under way. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** The one JSON document of `--json`. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, plain, 2)}\n`)
}

/** 64-bit integers as numbers where those are exact, else as text. */
function plain(_: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
}
