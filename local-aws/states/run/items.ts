import type { MapState } from '../language/definition.ts'
import { evaluateIn, numberIn, wrongType, type Visit } from './visit.ts'

/** Items of a Map at once: what the state asks for, `limit` at most. */
export async function concurrencyOf(state: MapState, visit: Visit, limit: number): Promise<number> {
  const isConcurrency = (value: number) => Number.isInteger(value) && value >= 0
  const asked = await numberIn(visit, 'MaxConcurrency', state.MaxConcurrency, 0, isConcurrency)
  // 0 means as many as there may be.
  return asked === 0 ? limit : Math.min(asked, limit)
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
