import type { MapState } from '../language/definition.ts'
import { evaluateIn, numberIn, wrongType, type Visit } from './visit.ts'

/** Returns the number of items that a Map runs at once: its MaxConcurrency, at most `limit`. */
export async function concurrencyOf(state: MapState, visit: Visit, limit: number): Promise<number> {
  const isConcurrency = (value: number) => Number.isInteger(value) && value >= 0
  const asked = await numberIn(visit, 'MaxConcurrency', state.MaxConcurrency, 0, isConcurrency)
  // 0 means no limit of its own.
  return asked === 0 ? limit : Math.min(asked, limit)
}

/** Calls `work` for 0 to `count` - 1, in order, with up to `concurrency` calls at once. */
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
 * Returns the items of a Map without an ItemReader: `Items`, or the state's input.
 *
 * @throws StateError States.QueryEvaluationError if they are no array
 */
export async function itemsOf(state: MapState, visit: Visit): Promise<unknown[]> {
  const items = state.Items === undefined ? visit.input : await evaluateIn(visit, 'Items', state.Items)
  if (!Array.isArray(items)) throw wrongType(visit, 'Items', 'an array', items)
  return items as unknown[]
}

/** Returns the input of an iteration: the value of `ItemSelector`, or the item itself. */
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
