import type { DeployedDataset } from '../../core/deployment.ts'
import type { DayItem } from '../../core/messages.ts'
import { ACCEPT, TEND } from '../../core/modes.ts'

/** Items in their order, of which only so many may be worked on at once. */
interface Queue {
  readonly items: { readonly item: DayItem; readonly index: number }[]
  readonly limit: number
  /** How many of them are among the last items that were taken. */
  inARow: number
}

/**
 * The items in an order in which days that could only wait for a place of their dataset keep no others from being worked
 * on: of a dataset at most `maxConcurrency` are among any `atOnce` in a row, as long as there are others to put between.
 * Otherwise, and among the days of a dataset, the order stays.
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

/** One queue for each dataset with a limit, one for all other items. */
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

/** The queue with the first item that need not wait; where there is none, with the first of all. */
function nextOf(queues: readonly Queue[]): Queue {
  const left = queues.filter(({ items }) => items.length > 0)
  const open = left.filter(({ inARow, limit }) => inARow < limit)
  const first = (one: Queue, other: Queue) => (other.items[0]!.index < one.items[0]!.index ? other : one)
  return (open.length > 0 ? open : left).reduce(first)
}

const needsNoPlace = ({ mode }: DayItem) => mode === TEND || mode === ACCEPT
