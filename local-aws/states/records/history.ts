import type * as sfn from '@aws-sdk/client-sfn'
import type { Complete } from '../../protocol/shapes.ts'

/** One event of an execution as GetExecutionHistory answers it, but with a number as its time. */
export interface HistoryEvent extends EventDetails {
  readonly id: number
  readonly previousEventId: number
  readonly type: sfn.HistoryEventType
  /** Milliseconds since 1970. */
  readonly timestamp: number
}

/** Details by their AWS name, such as `stateEnteredEventDetails`. */
export type EventDetails = Complete<Omit<sfn.HistoryEvent, 'id' | 'previousEventId' | 'type' | 'timestamp'>>

/**
 * The events of an execution, oldest first; held in memory while it runs.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
 */
export interface History {
  readonly events: readonly HistoryEvent[]
  record(type: sfn.HistoryEventType, details?: EventDetails): void
}

/** Creates a history that continues earlier events; ids count from 1. */
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
