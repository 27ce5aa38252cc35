import type { MapState } from '../language/definition.ts'
import { runDistributedMap } from './distributed-map.ts'
import type { runStates } from './interpreter.ts'
import { innerFrame } from './run.ts'
import { evaluateIn, numberIn, wrongType, type Visit } from './visit.ts'

/** Iterations of an inline Map at once, at most. */
const MAX_INLINE_CONCURRENCY = 40
/** Children of a Distributed Map at once, at most. */
const MAX_DISTRIBUTED_CONCURRENCY = 10_000

/**
 * Runs a Map's states for each of its items.
 * https://docs.aws.amazon.com/step-functions/latest/dg/state-map.html
 *
 * @returns the state's result: the outputs in the order of the items, or where the ResultWriter put them
 */
export async function runMap(state: MapState, visit: Visit, run: typeof runStates): Promise<unknown> {
  const isConcurrency = (value: number) => Number.isInteger(value) && value >= 0
  const asked = await numberIn(visit, 'MaxConcurrency', state.MaxConcurrency, 0, isConcurrency)
  const isInline = state.ItemProcessor.ProcessorConfig.Mode === 'INLINE'
  const limit = isInline ? MAX_INLINE_CONCURRENCY : MAX_DISTRIBUTED_CONCURRENCY
  // 0 means as many as there may be.
  const maxConcurrency = asked === 0 ? limit : Math.min(asked, limit)
  return isInline
    ? runInlineMap(state, visit, maxConcurrency, run)
    : runDistributedMap(state, visit, maxConcurrency)
}

async function runInlineMap(
  state: MapState,
  visit: Visit,
  maxConcurrency: number,
  run: typeof runStates,
): Promise<unknown[]> {
  const { frame } = visit
  const items = await itemsOf(state, visit)
  const failed = new AbortController()
  const signal = AbortSignal.any([frame.signal, failed.signal])
  const outputs: unknown[] = []
  await forEachItem(items.length, maxConcurrency, async (index) => {
    if (signal.aborted) return
    try {
      const map = { Item: { Index: index, Value: items[index] } }
      const input = await selectItem(state, visit, index, items[index])
      const { ItemProcessor } = state
      outputs[index] = await run(
        ItemProcessor,
        { state: ItemProcessor.StartAt, input },
        innerFrame(frame, signal, map),
      )
    } catch (error) {
      // The first failure is the Map's, and stops the other iterations.
      failed.abort(error)
    }
  })
  signal.throwIfAborted()
  return outputs
}

/** Calls `work` for 0 to `count` - 1, in order, `concurrency` at once. */
export async function forEachItem(
  count: number,
  concurrency: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: Math.min(count, concurrency) }, worker))
}

/**
 * The items of a Map without an ItemReader: `Items`, or the state's input.
 *
 * @throws StateError States.QueryEvaluationError when that is no array
 */
export async function itemsOf(state: MapState, visit: Visit): Promise<unknown[]> {
  const items = state.Items === undefined ? visit.input : await evaluateIn(visit, 'Items', state.Items)
  if (!Array.isArray(items)) throw wrongType(visit, 'Items', 'an array', items)
  return items as unknown[]
}

/** The input of an iteration: what `ItemSelector` makes of the item, or the item. */
export async function selectItem(
  state: MapState,
  visit: Visit,
  index: number,
  value: unknown,
): Promise<unknown> {
  if (state.ItemSelector === undefined) return value
  return evaluateIn(visit, 'ItemSelector', state.ItemSelector, {
    map: { Item: { Index: index, Value: value } },
  })
}
