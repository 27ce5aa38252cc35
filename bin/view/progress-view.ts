import type { WriteStream } from 'node:tty'
import { createLogUpdate } from 'log-update'
import { colors } from './colors.ts'
import type { ExecutionSnapshot } from '../../client/follow.ts'
import { renderProgress, renderTotals, renderWaits } from './progress.ts'
import { timeLeft } from './share.ts'

/** Shows how an execution goes on. */
export interface ProgressView {
  /** A line that stays. */
  note(line: string): void
  update(snapshot: ExecutionSnapshot): void
  /** Takes away what does not stay. */
  close(): void
}

/**
 * Bars that are drawn over on a terminal; elsewhere a line now and then.
 *
 * @param now milliseconds, for the time that has passed
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
      // A line that wraps would not be taken away whole.
      log(lines.map((line) => line.slice(0, stream.columns - 1)).join('\n'))
    },
    close: () => log.clear(),
  }
}

const SECONDS_BETWEEN_LINES = 10
/** Days that wait are told of one by one up to so many. */
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
