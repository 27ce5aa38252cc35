import type { MapState } from '../language/definition.ts'
import { evaluateIn, numberIn, wrongType, type Visit } from './visit.ts'

/**
 * Returns the maximum number of items that a Map runs at the same time: its MaxConcurrency, but at most `limit`;
 * `limit` if it is 0 or absent.
 */
export async function concurrencyOf(state: MapState, visit: Visit, limit: number): Promise<number> {
  const isConcurrency = (value: number) => Number.isInteger(value) && value >= 0
  const asked = await numberIn(visit, 'MaxConcurrency', state.MaxConcurrency, 0, isConcurrency)
  // 0 means no limit of its own.
  return asked === 0 ? limit : Math.min(asked, limit)
}

/**
 * Calls `work` with each index from 0 to `count` - 1, in order, with at most `concurrency` calls in progress. Rejects
 * as soon as one call does; `work` is still called for the remaining indexes.
 */
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
 * Returns the items of a Map without an ItemReader: the value of its `Items`, else the state's input.
 *
 * @throws StateError States.QueryEvaluationError if they are no array
 */
export async function itemsOf(state: MapState, visit: Visit): Promise<unknown[]> {
  const items = state.Items === undefined ? visit.input : await evaluateIn(visit, 'Items', state.Items)
  if (!Array.isArray(items)) throw wrongType(visit, 'Items', 'an array', items)
  return items as unknown[]
}

/**
 * Returns the input for one item of a Map: the value of its `ItemSelector`, else the item itself.
 *
 * @param index position of the item, from 0
 * @param value the item
 */
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
