import type { DeployedDataset } from '../../core/deployment.ts'
import type { DayItem } from '../../core/messages.ts'
import { ACCEPT, TEND } from '../../core/modes.ts'

/** Items that share a limit, in their order. */
interface Queue {
  readonly items: { readonly item: DayItem; readonly index: number }[]
  readonly limit: number
  /** Number of this queue's items among the last `atOnce - 1` items that were taken. */
  inARow: number
}

/**
 * Reorders the Map's items so that a dataset with `maxConcurrency` does not block others: its surplus days would only
 * wait for a concurrency slot. Of any `atOnce` items in a row, at most `maxConcurrency` belong to such a dataset, as
 * long as there are other items to put between. Apart from that, items keep their order.
 *
 * @param atOnce number of items that the Map works on at once
 */
export function interleave(
  items: readonly DayItem[],
  datasets: readonly Pick<DeployedDataset, 'name' | 'maxConcurrency'>[],
  atOnce: number,
): DayItem[] {
  const queues = queuesOf(items, datasets)
  const taken: Queue[] = []
  return items.map(() => {
    const queue = nextOf(queues)
    taken.push(queue)
    queue.inARow++
    if (taken.length >= atOnce) taken[taken.length - atOnce]!.inARow--
    return queue.items.shift()!.item
  })
}

/** Makes one queue for each dataset with a limit, and one for all other items. */
function queuesOf(items: readonly DayItem[], datasets: Parameters<typeof interleave>[1]): Queue[] {
  const limits = new Map(datasets.map(({ name, maxConcurrency }) => [name, maxConcurrency]))
  const queues = new Map<string, Queue>()
  for (const [index, item] of items.entries()) {
    const limit = needsNoPlace(item) ? undefined : limits.get(item.dataset)
    const name = limit === undefined ? '' : item.dataset
    const queue = queues.get(name) ?? { items: [], limit: limit ?? Infinity, inARow: 0 }
    queues.set(name, queue)
    queue.items.push({ item, index })
  }
  return [...queues.values()]
}

/** Returns the queue whose first item comes earliest, among those below their limit, or among all if there are none. */
function nextOf(queues: readonly Queue[]): Queue {
  const left = queues.filter(({ items }) => items.length > 0)
  const open = left.filter(({ inARow, limit }) => inARow < limit)
  const first = (one: Queue, other: Queue) => (other.items[0]!.index < one.items[0]!.index ? other : one)
  return (open.length > 0 ? open : left).reduce(first)
}

const needsNoPlace = ({ mode }: DayItem) => mode === TEND || mode === ACCEPT
