import type { Readable } from 'node:stream'

const NEWLINE = 10

/** Count of the lines that a program has printed. Their text is not kept, as it may be raw data. */
export interface Printed {
  /** Number of lines so far; an unfinished last line counts. */
  readonly lines: number
}

/**
 * Counts the lines that arrive on the streams, and passes their bytes to `take`. The returned count goes on growing.
 */
export function watchPrinted(streams: readonly Readable[], take: (bytes: Buffer) => void): Printed {
  const printed = { lines: 0 }
  for (const stream of streams) {
    let isWithin = false
    stream.on('data', (bytes: Buffer) => {
      if (isWithin) printed.lines--
      for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) printed.lines++
      isWithin = bytes.at(-1) !== NEWLINE
      if (isWithin) printed.lines++
      take(bytes)
    })
  }
  return printed
}
