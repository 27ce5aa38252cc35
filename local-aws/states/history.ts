import type { HistoryEventType } from '@aws-sdk/client-sfn'

/** One event of an execution, in the shape of GetExecutionHistory but for the date. */
export interface HistoryEvent {
  readonly id: number
  readonly previousEventId: number
  readonly type: HistoryEventType
  /** Milliseconds since 1970. */
  readonly timestamp: number
  /** Details under their AWS name, such as `stateEnteredEventDetails`. */
  readonly [details: `${string}Details`]: Readonly<Record<string, unknown>>
}

/**
 * What happened in an execution, oldest first; held in memory while it runs.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
 */
export interface History {
  readonly events: readonly HistoryEvent[]
  record(
    type: HistoryEventType,
    details?: Readonly<Record<`${string}Details`, Readonly<Record<string, unknown>>>>,
  ): void
}

/** A history that goes on from earlier events. */
export function createHistory(now: () => number, earlier: readonly HistoryEvent[] = []): History {
  const events = [...earlier]
  return {
    events,
    record(type, details = {}) {
      const id = events.length + 1
      events.push({ id, previousEventId: id - 1, type, timestamp: now(), ...details })
    },
  }
}
