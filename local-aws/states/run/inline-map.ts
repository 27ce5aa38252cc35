import type { MapState } from '../language/definition.ts'
import { concurrencyOf, forEachItem, itemsOf, selectItem } from './items.ts'
import { innerFrame, type RunStates } from './run.ts'
import type { Visit } from './visit.ts'

/** Most iterations that run at once. */
const MAX_CONCURRENCY = 40

/**
 * Runs an inline Map: its states are run once per item, as part of the execution, at most 40 items at a time. The first
 * failure stops the other iterations and fails the Map.
 * https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html
 *
 * @returns the outputs in the order of the items
 */
export async function runInlineMap(state: MapState, visit: Visit, run: RunStates): Promise<unknown[]> {
  const { frame } = visit
  const maxConcurrency = await concurrencyOf(state, visit, MAX_CONCURRENCY)
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
      // The first failure becomes the Map's and stops the other iterations.
      failed.abort(error)
    }
  })
  signal.throwIfAborted()
  return outputs
}
