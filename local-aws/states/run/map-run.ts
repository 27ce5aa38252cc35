import { randomUUID } from 'node:crypto'
import { childMachineArn, executionArn, mapRunArn } from '../records/arns.ts'
import {
  childName,
  type Checkpoint,
  type ExecutionRecord,
  type ItemCounts,
  type MapRunRecord,
} from '../records/store.ts'
import { launch, newRecord, redrive, type ExecutionsState, type Program } from './launch.ts'
import type { ChildResult, MapRun, MapRunRequest } from './run.ts'

/**
 * Returns the function with which an execution starts its Map Runs. The state that is redriven continues its earlier
 * Map Run instead: children that succeeded are not run again, children that failed continue in the state in which they
 * failed.
 *
 * @param parent record of the execution; its Map Runs are added to it
 * @param start point at which the execution starts or is redriven
 * https://docs.aws.amazon.com/step-functions/latest/dg/redrive-map-run.html
 */
export function mapRunStarter(
  shared: ExecutionsState,
  parent: ExecutionRecord,
  machineArn: string,
  start: Checkpoint,
): (request: MapRunRequest) => MapRun {
  let resumed = start.mapRun
  return (request) => {
    const earlier = request.stateName === start.state ? resumed : undefined
    resumed = undefined
    const id = earlier ?? randomUUID()
    const arn = mapRunArn(machineArn, request.label, id)
    const record = mapRunRecord(shared, parent, request, arn, earlier !== undefined)
    parent.resume = { ...parent.resume, mapRun: id }
    if (earlier === undefined) parent.mapRuns.push(arn)
    if (parent.mapRunArn === undefined) shared.store.save(parent)
    shared.liveMapRuns.set(arn, record)
    shared.store.saveMapRun(record)
    const { counts } = record
    return {
      id,
      arn,
      counts,
      child: (index, input, signal) =>
        runChild({ shared, parent, request, machineArn, id, counts, index, input, signal }),
      finish(status) {
        record.status = status
        record.stopDate = shared.world.now()
        shared.store.saveMapRun(record)
        shared.liveMapRuns.delete(arn)
      },
    }
  }
}

function mapRunRecord(
  shared: ExecutionsState,
  parent: ExecutionRecord,
  request: MapRunRequest,
  arn: string,
  isRedriven: boolean,
): MapRunRecord {
  const { total, maxConcurrency, toleratedFailurePercentage, toleratedFailureCount } = request
  const before = isRedriven ? shared.store.readMapRun(arn) : undefined
  const counts: ItemCounts = {
    total,
    pending: total,
    running: 0,
    succeeded: 0,
    failed: 0,
    aborted: 0,
    timedOut: 0,
  }
  return {
    mapRunArn: arn,
    executionArn: parent.arn,
    status: 'RUNNING',
    startDate: before?.startDate ?? shared.world.now(),
    maxConcurrency,
    toleratedFailurePercentage,
    toleratedFailureCount,
    redriveCount: before ? before.redriveCount + 1 : 0,
    counts,
  }
}

interface ChildRequest {
  readonly shared: ExecutionsState
  readonly parent: ExecutionRecord
  readonly request: MapRunRequest
  readonly machineArn: string
  readonly id: string
  readonly counts: ItemCounts
  readonly index: number
  readonly input: unknown
  readonly signal: AbortSignal
}

const COUNTED = {
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'timedOut',
  ABORTED: 'aborted',
} as const

async function runChild(child: ChildRequest): Promise<ChildResult> {
  const { shared, parent, request, machineArn, id, counts, index, input, signal } = child
  const { label, graph } = request
  const stateMachineArn = childMachineArn(machineArn, label)
  const name = childName(id, index)
  const arn = executionArn(stateMachineArn, name)
  const earlier = shared.store.read(arn)
  counts.pending--
  if (earlier?.status === 'SUCCEEDED') {
    counts.succeeded++
    return resultOf(earlier)
  }
  counts.running++
  const identity = { arn, name, stateMachineArn, mapRunArn: mapRunArn(machineArn, label, id) }
  const fresh = newRecord(identity, JSON.stringify(input), graph.StartAt, shared.world.now())
  // A child that died with its process left no record, but may have used names that its redrive count gives.
  const record = earlier ?? { ...fresh, redriveCount: parent.redriveCount }
  const machineName = `${machineArn.split(':').at(-1)!}/${label}`
  const program: Program = { graph, machineArn, machineName, parentSignal: signal }
  // A child that failed in the earlier life of the Map Run goes on.
  const begin = earlier ? redrive : launch
  const live = begin(shared, record, program, mapRunStarter)
  await live.done
  const result = resultOf(live.record)
  counts.running--
  counts[COUNTED[result.status]]++
  return result
}

function resultOf(record: ExecutionRecord): ChildResult {
  return record as ChildResult
}
