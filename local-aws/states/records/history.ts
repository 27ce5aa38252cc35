import type * as sfn from '@aws-sdk/client-sfn'
import type { Complete } from '../../protocol/shapes.ts'

/** One event in the history of an execution, as GetExecutionHistory returns it except that its time is a number. */
export interface HistoryEvent extends EventDetails {
  /** Number of the event, from 1. */
  readonly id: number
  /** Number of the event before it; 0 for the first one. */
  readonly previousEventId: number
  readonly type: sfn.HistoryEventType
  /** Milliseconds since 1970. */
  readonly timestamp: number
}

/** Details of an event in the member that AWS has for its type, such as `stateEnteredEventDetails`. */
export type EventDetails = Complete<Omit<sfn.HistoryEvent, 'id' | 'previousEventId' | 'type' | 'timestamp'>>

/**
 * The history of a running execution. All events are held in memory until it ends.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
 */
export interface History {
  /** All events so far, oldest first. */
  readonly events: readonly HistoryEvent[]
  /** Adds an event that happens now. */
  record(type: sfn.HistoryEventType, details?: EventDetails): void
}

/**
 * Creates the history of an execution that begins, or that is redriven after its `earlier` events.
 *
 * @param now returns the time of an event, in milliseconds since 1970
 */
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
