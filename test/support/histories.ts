import {
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  type HistoryEvent,
  type SFNClient,
} from '@aws-sdk/client-sfn'

/** The whole history of an execution. */
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

/** ARNs of the children of an execution's Maps. */
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
