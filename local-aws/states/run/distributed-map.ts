import type { MapState } from '../language/definition.ts'
import { ExecutionAborted, ITEM_READER_FAILED, StateError, TOLERANCE_EXCEEDED } from '../language/errors.ts'
import { concurrencyOf, forEachItem, itemsOf, selectItem } from './items.ts'
import { checkPayload } from './payload.ts'
import { writeResults, type ItemResult } from './result-writer.ts'
import type { ChildResult, MapRun } from './run.ts'
import { evaluateIn, numberIn, wrongType, type Visit } from './visit.ts'

/** Most children that run at once. */
const MAX_CONCURRENCY = 10_000

/** Limits of the children that may fail before the Map does: a percentage from 0 to 100, and a number. */
interface Tolerance {
  readonly percentage: number
  readonly count: number
}

/**
 * Runs a Distributed Map. Each item becomes a child execution with a history of its own, which cannot read the parent's
 * variables. All results are held in memory.
 * https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
 *
 * @returns with a ResultWriter, the bucket and key of the manifest that it wrote; else the outputs of the children, in
 * the order of the items
 * @throws StateError States.ExceedToleratedFailureThreshold, States.ItemReaderFailed, States.ResultWriterFailed;
 * States.QueryEvaluationError for a bad expression
 */
export async function runDistributedMap(state: MapState, visit: Visit): Promise<unknown> {
  const { run } = visit.frame
  const maxConcurrency = await concurrencyOf(state, visit, MAX_CONCURRENCY)
  const tolerance = await toleranceOf(state, visit)
  const items = await readItems(state, visit)
  const mapRun = run.startMapRun({
    stateName: visit.name,
    label: state.Label ?? visit.name.replace(/[^\w-]/g, '').slice(0, 40),
    graph: state.ItemProcessor,
    total: items.length,
    maxConcurrency,
    toleratedFailurePercentage: tolerance.percentage,
    toleratedFailureCount: tolerance.count,
  })
  run.history.record('MapRunStarted', { mapRunStartedEventDetails: { mapRunArn: mapRun.arn } })
  try {
    const results = await runChildren(state, visit, maxConcurrency, items, mapRun, tolerance)
    const result = await exportResults(state, visit, mapRun, results)
    if (isExceeded(mapRun, tolerance)) throw exceeded(mapRun)
    mapRun.finish('SUCCEEDED')
    run.history.record('MapRunSucceeded')
    return result
  } catch (error) {
    mapRun.finish(error instanceof ExecutionAborted ? 'ABORTED' : 'FAILED')
    if (error instanceof StateError) {
      const details = { error: error.name, cause: error.message }
      run.history.record('MapRunFailed', { mapRunFailedEventDetails: details })
    }
    throw error
  }
}

async function toleranceOf(state: MapState, visit: Visit): Promise<Tolerance> {
  const isPercentage = (value: number) => value >= 0 && value <= 100
  const isCount = (value: number) => Number.isInteger(value) && value >= 0
  const { ToleratedFailurePercentage, ToleratedFailureCount } = state
  return {
    percentage: await numberIn(
      visit,
      'ToleratedFailurePercentage',
      ToleratedFailurePercentage,
      0,
      isPercentage,
    ),
    count: await numberIn(visit, 'ToleratedFailureCount', ToleratedFailureCount, 0, isCount),
  }
}

/** True if more children failed than a limit allows; a limit of 0, or none, is ignored if the other one is set. */
function isExceeded(mapRun: MapRun, { percentage, count }: Tolerance): boolean {
  const { failed, timedOut, total } = mapRun.counts
  const failures = failed + timedOut
  if (failures === 0) return false
  const overPercentage = (failures / total) * 100 > percentage
  const overCount = failures > count
  if (percentage > 0 && count > 0) return overPercentage || overCount
  return percentage > 0 ? overPercentage : overCount
}

function exceeded(mapRun: MapRun): StateError {
  const { failed, timedOut, total } = mapRun.counts
  const cause = `The specified tolerated failure threshold was exceeded: ${failed + timedOut} of ${total} items failed.`
  return new StateError(TOLERANCE_EXCEEDED, cause)
}

async function readItems(state: MapState, visit: Visit): Promise<unknown[]> {
  if (!state.ItemReader) return itemsOf(state, visit)
  const location = await evaluateIn(visit, 'ItemReader/Arguments', state.ItemReader.Arguments)
  const { Bucket, Key } = location as { Bucket: string; Key: string }
  let items: unknown
  try {
    items = JSON.parse((await visit.frame.run.world.objects.get(Bucket, Key)).toString('utf8'))
  } catch (error) {
    throw new StateError(ITEM_READER_FAILED, `s3://${Bucket}/${Key}: ${(error as Error).message}`)
  }
  if (Array.isArray(items)) return items as unknown[]
  throw new StateError(ITEM_READER_FAILED, `s3://${Bucket}/${Key}: expected a JSON array.`)
}

async function runChildren(
  state: MapState,
  visit: Visit,
  maxConcurrency: number,
  items: readonly unknown[],
  mapRun: MapRun,
  tolerance: Tolerance,
): Promise<ItemResult[]> {
  const { frame } = visit
  const stopped = new AbortController()
  const signal = AbortSignal.any([frame.signal, stopped.signal])
  const results: ItemResult[] = items.map(() => ({ status: 'PENDING', input: 'null' }))
  await forEachItem(items.length, maxConcurrency, async (index) => {
    if (stopped.signal.aborted) {
      results[index] = { status: 'PENDING', input: JSON.stringify(items[index]) }
      return
    }
    signal.throwIfAborted()
    const input = checkPayload(await selectItem(state, visit, index, items[index]), `Input of item ${index}`)
    results[index] = await mapRun.child(index, input, signal)
    if (isExceeded(mapRun, tolerance)) stopped.abort(new ExecutionAborted('ABORTED'))
  })
  frame.signal.throwIfAborted()
  return results
}

async function exportResults(
  state: MapState,
  visit: Visit,
  mapRun: MapRun,
  results: readonly ItemResult[],
): Promise<unknown> {
  if (!state.ResultWriter) return results.map(outputOf)
  const target = await evaluateIn(visit, 'ResultWriter/Arguments', state.ResultWriter.Arguments)
  const { Bucket, Prefix = '' } = target as { Bucket?: unknown; Prefix?: unknown }
  if (typeof Bucket !== 'string' || typeof Prefix !== 'string') {
    throw wrongType(visit, 'ResultWriter/Arguments', 'a Bucket and a Prefix', target)
  }
  return writeResults(visit.frame.run.world.objects, { bucket: Bucket, prefix: Prefix }, mapRun, results)
}

function outputOf(result: ItemResult): unknown {
  if (result.status === 'SUCCEEDED') return JSON.parse(result.output ?? 'null')
  const { error, cause, status } = result as ChildResult
  return { Status: status, Error: error, Cause: cause }
}
