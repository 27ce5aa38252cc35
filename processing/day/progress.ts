import type { Progress } from '../../core/messages.ts'
import type { Tally } from '../write/tally.ts'

/** The day to report on, its counts, and how to publish reports. */
export interface ProgressOptions {
  readonly dataset: string
  readonly date: string
  /** Counts of the work done so far, which the work updates. */
  readonly tally: Tally
  /** Files and bytes of the day's inputs. */
  readonly total: { readonly files: number; readonly bytes: number }
  /** Seconds between two reports. */
  readonly everySeconds: number
  /** Stores a report where the command line looks for it. If that fails, the report is lost; the next one follows. */
  readonly publish: (progress: Progress) => Promise<void>
  /** Returns the current time. */
  readonly now: () => Date
}

/** Reports the progress of a day at intervals until `end` is called. */
export interface ProgressReporter {
  /** Phase of the job; assign it when that changes. */
  phase: Progress['phase']
  /** Stops the intervals and sends a last report; resolves once it is sent. */
  end(phase: 'done' | 'failed'): Promise<void>
}

/** Starts to report a day's progress: at once, and then every `everySeconds`. Only one report is sent at a time. */
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
