import {
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  type HistoryEvent,
  type SFNClient,
} from '@aws-sdk/client-sfn'

/** Reads the whole history of an execution. */
export async function historyOf(sfn: SFNClient, executionArn: string): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = []
  let nextToken: string | undefined
  do {
    const page = await sfn.send(new GetExecutionHistoryCommand({ executionArn, nextToken }))
    events.push(...(page.events ?? []))
    nextToken = page.nextToken
  } while (nextToken !== undefined)
  return events
}

/** Emits the ARNs of the children of an execution's Maps. */
export async function* childrenOf(sfn: SFNClient, executionArn: string): AsyncGenerator<string> {
  const { mapRuns } = await sfn.send(new ListMapRunsCommand({ executionArn }))
  for (const { mapRunArn } of mapRuns ?? []) {
    let nextToken: string | undefined
    do {
      const page = await sfn.send(new ListExecutionsCommand({ mapRunArn, maxResults: 1000, nextToken }))
      for (const child of page.executions ?? []) yield child.executionArn!
      nextToken = page.nextToken
    } while (nextToken !== undefined)
  }
}

/** Returns the error of a Task, if the event is its failure. */
export const failureIn = ({ taskFailedEventDetails, taskTimedOutEventDetails }: HistoryEvent) =>
  taskFailedEventDetails ?? taskTimedOutEventDetails

/** A Task whose resource is called again after its failure, by a Retry or by the definition. */
export interface Retried {
  readonly error: string
  /** Milliseconds between the two in the history: the delay of a Retry, or a Wait state. */
  readonly waitedMs: number
}

/** Returns the retries in a history, in order. */
export function retriesIn(events: readonly HistoryEvent[]): Retried[] {
  const lastScheduled = new Map<string | undefined, number>()
  events.forEach(({ taskScheduledEventDetails: details }, index) => {
    if (details) lastScheduled.set(details.resourceType, index)
  })
  return events.flatMap((event, index) => {
    const failure = failureIn(event)
    if (!failure || lastScheduled.get(failure.resourceType)! <= index) return []
    return [{ error: failure.error ?? 'unknown', waitedMs: waitAfter(events, index) }]
  })
}

/** Returns the milliseconds from the failure to the next try, or of the Wait state in between. */
function waitAfter(events: readonly HistoryEvent[], failed: number): number {
  const scheduled = events.findIndex(({ type }, index) => index > failed && type === 'TaskScheduled')
  const time = (index: number) => events[index]!.timestamp!.getTime()
  const between = events.slice(failed, scheduled)
  const entered = between.findIndex(({ type }) => type === 'WaitStateEntered')
  if (entered === -1) return time(scheduled) - time(failed)
  const exited = between.findIndex(({ type }) => type === 'WaitStateExited')
  return time(failed + exited) - time(failed + entered)
}
