import type {
  DescribeExecutionOutput,
  DescribeMapRunOutput,
  ExecutionListItem,
  ExecutionRedriveStatus,
  GetExecutionHistoryInput,
  GetExecutionHistoryOutput,
  ListExecutionsInput,
  ListExecutionsOutput,
} from '@aws-sdk/client-sfn'
import { AwsError } from '../protocol/aws-error.ts'
import type { Complete } from '../protocol/shapes.ts'
import type { HistoryEvent } from './records/history.ts'
import type { ExecutionsState } from './run/launch.ts'
import type { ExecutionRecord, MapRunRecord, Status } from './records/store.ts'

/** Returns Step Functions' error ExecutionDoesNotExist for the ARN of an unknown execution. */
export const notFound = (arn: string) =>
  new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`)

function recordOf(shared: ExecutionsState, arn: string): ExecutionRecord {
  const record = shared.live.get(arn)?.record ?? shared.store.read(arn)
  if (!record) throw notFound(arn)
  return record
}

const dateOf = (time: number | undefined) => (time === undefined ? undefined : new Date(time))
const included = { included: true }

interface Redrivable {
  readonly redriveStatus: ExecutionRedriveStatus
  readonly redriveStatusReason?: string
}

/**
 * Returns the current state of an execution as DescribeExecution does, also of one that an earlier process ran.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html
 *
 * @throws AwsError ExecutionDoesNotExist
 */
export function describeExecution(shared: ExecutionsState, arn: string): Complete<DescribeExecutionOutput> {
  const record = recordOf(shared, arn)
  const { status, output, error, cause, redriveCount, input, mapRunArn } = record
  return {
    executionArn: arn,
    stateMachineArn: record.stateMachineArn,
    name: record.name,
    status,
    startDate: new Date(record.startDate),
    stopDate: dateOf(record.stopDate),
    input,
    inputDetails: included,
    ...(output !== undefined && { output, outputDetails: included }),
    error,
    cause,
    mapRunArn,
    redriveCount,
    redriveDate: dateOf(record.redriveDate),
    ...redriveStatus(status, mapRunArn !== undefined),
  }
}

function redriveStatus(status: Status, isChild: boolean): Redrivable {
  const isOver = status !== 'RUNNING' && status !== 'SUCCEEDED'
  if (isOver) return { redriveStatus: isChild ? 'REDRIVABLE_BY_MAP_RUN' : 'REDRIVABLE' }
  const redriveStatusReason = `Execution is ${status} and cannot be redriven`
  return { redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason }
}

/**
 * Returns the current state of a Map Run as DescribeMapRun does.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeMapRun.html
 *
 * @throws AwsError ResourceNotFound if there is no such Map Run
 */
export function describeMapRun(shared: ExecutionsState, arn: string): Complete<DescribeMapRunOutput> {
  const record: MapRunRecord | undefined = shared.liveMapRuns.get(arn) ?? shared.store.readMapRun(arn)
  if (!record) throw new AwsError('ResourceNotFound', `Resource not found: '${arn}'`)
  const { counts, startDate, stopDate, ...rest } = record
  const itemCounts = {
    ...counts,
    resultsWritten: record.status === 'RUNNING' ? 0 : counts.succeeded + counts.failed,
  }
  return {
    ...rest,
    startDate: new Date(startDate),
    stopDate: dateOf(stopDate),
    itemCounts,
    executionCounts: itemCounts,
  }
}

/**
 * Returns a page of the executions of a state machine, or of the child executions of a Map Run, newest first.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html
 */
export function listExecutions(
  shared: ExecutionsState,
  input: ListExecutionsInput,
): Complete<ListExecutionsOutput> {
  const { stateMachineArn, mapRunArn, statusFilter, maxResults = 100, nextToken } = input
  const kept =
    mapRunArn === undefined
      ? shared.store.list(stateMachineArn?.split(':').at(-1) ?? '')
      : shared.store.listChildren(mapRunArn)
  const current = new Map(kept.map((record) => [record.arn, record]))
  for (const { record } of shared.live.values()) {
    const isWanted =
      mapRunArn === undefined ? record.stateMachineArn === stateMachineArn : record.mapRunArn === mapRunArn
    if (isWanted) current.set(record.arn, record)
  }
  const wanted = [...current.values()]
    .filter(({ status }) => statusFilter === undefined || status === statusFilter)
    .sort((left, right) => right.startDate - left.startDate || (left.arn < right.arn ? -1 : 1))
  const { items, ...page } = pageOf(wanted, maxResults, nextToken)
  return { executions: items.map(summaryOf), ...page }
}

function summaryOf(record: ExecutionRecord): Complete<ExecutionListItem> {
  const { arn, stateMachineArn, name, status, startDate, stopDate, mapRunArn, redriveCount } = record
  const dates = { startDate: new Date(startDate), stopDate: dateOf(stopDate) }
  return { executionArn: arn, stateMachineArn, name, status, ...dates, mapRunArn, redriveCount }
}

/**
 * Returns a page of the events in an execution's history, oldest first unless the request reverses the order.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
 *
 * @throws AwsError ExecutionDoesNotExist
 */
export function eventsOf(
  shared: ExecutionsState,
  input: Complete<GetExecutionHistoryInput>,
): Complete<GetExecutionHistoryOutput> {
  const { executionArn: arn, maxResults = 1000, nextToken, reverseOrder = false } = input
  recordOf(shared, arn)
  const events: readonly HistoryEvent[] =
    shared.live.get(arn)?.history.events ?? shared.store.readHistory(arn)
  const ordered = reverseOrder ? [...events].reverse() : events
  const { items, ...page } = pageOf(ordered, maxResults, nextToken)
  return { events: items.map((event) => ({ ...event, timestamp: new Date(event.timestamp) })), ...page }
}

function pageOf<T>(items: readonly T[], maxResults: number, nextToken: string | undefined) {
  const from = nextToken === undefined ? 0 : Number(nextToken)
  // AWS takes 0 as the default.
  const to = from + (maxResults === 0 ? 100 : Math.min(maxResults, 1000))
  return { items: items.slice(from, to), ...(to < items.length && { nextToken: String(to) }) }
}
