import type { Readable } from 'node:stream'

const NEWLINE = 10

/** What a program has printed: nothing is kept of it but how much it was. */
export interface Printed {
  /** A last one without its newline included. */
  readonly lines: number
}

/** Counts lines as they are printed, and hands the bytes on. */
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
