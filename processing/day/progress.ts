import type { Progress } from '../../core/messages.ts'
import type { Tally } from '../write/tally.ts'

/** The day to report on, how often, and where to. */
export interface ProgressOptions {
  readonly dataset: string
  readonly date: string
  readonly tally: Tally
  readonly total: { readonly files: number; readonly bytes: number }
  /** Seconds between two reports. */
  readonly everySeconds: number
  /** Stores a report where followers look for it. A failure is ignored: the next report follows. */
  readonly publish: (progress: Progress) => Promise<void>
  readonly now: () => Date
}

/** Reports the progress of a day at intervals, until it is done or has failed. */
export interface ProgressReporter {
  phase: Progress['phase']
  /** Stops the interval and reports a last time. */
  end(phase: 'done' | 'failed'): Promise<void>
}

/** Starts to report at once. At most one report is in flight. */
export function reportProgress(options: ProgressOptions): ProgressReporter {
  const { dataset, date, tally, total, publish, now } = options
  let sending: Promise<void> | undefined
  const reporter: ProgressReporter = {
    phase: 'starting',
    async end(phase) {
      clearInterval(timer)
      reporter.phase = phase
      await sending
      await send()
    },
  }
  const timer = setInterval(() => {
    sending ??= send()
  }, options.everySeconds * 1000)
  timer.unref()
  sending = send()
  return reporter

  function send(): Promise<void> {
    return publish(snapshot())
      .catch(() => {})
      .finally(() => {
        sending = undefined
      })
  }

  function snapshot(): Progress {
    const { files, records, rows, rejected, bytes } = tally
    return {
      dataset,
      date,
      phase: reporter.phase,
      files: { done: files, total: total.files },
      records,
      rows,
      rejected,
      bytes: { done: bytes, total: total.bytes },
      at: now().toISOString(),
    }
  }
}
