import type { HistoryEvent, SFNClient } from '@aws-sdk/client-sfn'
import { childrenOf, failureIn, historyOf, retriesIn } from '../histories.ts'

/** Figures from the histories of an execution and its children. */
export interface HistoryFigures {
  readonly children: number
  readonly events: number
  /** Events in the longest history. */
  readonly longest: number
  /** Bytes of the largest input, output, argument or result. */
  readonly largestPayload: number
  /** Number of states that were entered and of tries after the first, all of which AWS bills. */
  readonly transitions: number
  /** Number of tries after the first, by the error before. */
  readonly retries: Readonly<Record<string, number>>
}

/** Reads the histories of an execution and of all its children. Holds one at a time. */
export async function measureHistories(sfn: SFNClient, executionArn: string): Promise<HistoryFigures> {
  const figures = { children: 0, events: 0, longest: 0, largestPayload: 0, transitions: 0 }
  const retries: Record<string, number> = {}
  const add = async (arn: string) => {
    const events = await historyOf(sfn, arn)
    figures.events += events.length
    figures.longest = Math.max(figures.longest, events.length)
    for (const event of events)
      for (const payload of payloadsOf(event))
        figures.largestPayload = Math.max(figures.largestPayload, Buffer.byteLength(payload))
    figures.transitions += events.filter(({ type }) => type!.endsWith('StateEntered')).length
    figures.transitions += events.filter(isTriedInPlace).length
    for (const { error } of retriesIn(events)) retries[error] = (retries[error] ?? 0) + 1
  }
  await add(executionArn)
  for await (const child of childrenOf(sfn, executionArn)) {
    figures.children += 1
    await add(child)
  }
  return { ...figures, retries }
}

/** True for a Task that is scheduled again after its own failure, without leaving its state. */
function isTriedInPlace({ type }: HistoryEvent, index: number, events: readonly HistoryEvent[]): boolean {
  return type === 'TaskScheduled' && index > 0 && failureIn(events[index - 1]!) !== undefined
}

function payloadsOf(event: HistoryEvent): string[] {
  return Object.entries(event).flatMap(([name, details]) => {
    if (!name.endsWith('EventDetails') || !details) return []
    const { input, output, parameters } = details as Record<string, unknown>
    return [input, output, parameters].filter((text): text is string => typeof text === 'string')
  })
}
