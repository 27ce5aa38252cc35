import type { WriteStream } from 'node:tty'
import { createLogUpdate } from 'log-update'
import { colors } from './colors.ts'
import type { ExecutionSnapshot } from '../../client/follow.ts'
import { renderProgress, renderTotals, renderWaits } from './progress.ts'
import { timeLeft } from './share.ts'

/** Display of the progress of an execution. */
export interface ProgressView {
  /** Prints a line that stays. */
  note(line: string): void
  /** Shows the progress at one moment. */
  update(snapshot: ExecutionSnapshot): void
  /** Removes the lines that are redrawn. */
  close(): void
}

/**
 * Creates a display for the progress of an execution. On a terminal it redraws bars; elsewhere it prints a line every
 * ten seconds and at each new state.
 *
 * @param now returns the present time in milliseconds, for the elapsed time
 */
export function progressView(stream: WriteStream, now: () => number): ProgressView {
  const start = now()
  const elapsedSeconds = () => (now() - start) / 1000
  return stream.isTTY ? barsView(stream, elapsedSeconds) : linesView(stream, elapsedSeconds)
}

function barsView(stream: WriteStream, elapsedSeconds: () => number): ProgressView {
  const log = createLogUpdate(stream)
  const leftSeconds = timeLeft()
  return {
    note: (line) => log.persist(colors.dim(line)),
    update: (snapshot) => {
      const at = elapsedSeconds()
      const lines = renderProgress(snapshot, at, leftSeconds(snapshot, at))
      // A line that wraps would not be removed completely.
      log(lines.map((line) => line.slice(0, stream.columns - 1)).join('\n'))
    },
    close: () => log.clear(),
  }
}

const SECONDS_BETWEEN_LINES = 10
/** Maximum number of waiting days that are listed. */
const MAX_WAITS = 10

function linesView(stream: NodeJS.WritableStream, elapsedSeconds: () => number): ProgressView {
  let lastState: string | undefined
  let lastAt = -Infinity
  const told = new Set<string>()
  const leftSeconds = timeLeft()
  return {
    note: (line) => stream.write(`${line}\n`),
    update: (snapshot) => {
      const at = elapsedSeconds()
      const left = leftSeconds(snapshot, at)
      for (const wait of renderWaits(snapshot).slice(0, MAX_WAITS)) {
        if (!told.has(wait)) stream.write(`${wait}\n`)
        told.add(wait)
      }
      if (snapshot.state === lastState && at - lastAt < SECONDS_BETWEEN_LINES) return
      lastState = snapshot.state
      lastAt = at
      stream.write(`${renderTotals(snapshot, at, left)}\n`)
    },
    close: () => undefined,
  }
}
