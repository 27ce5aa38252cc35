import type { Readable } from 'node:stream'

const NEWLINE = 10

/** Count of the lines that a program has printed; the text is not kept. */
export interface Printed {
  /** Lines so far, including a last one without a newline. */
  readonly lines: number
}

/** Counts lines as they arrive on the streams, and hands the bytes on to `take`. */
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
