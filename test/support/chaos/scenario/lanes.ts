import { openWorld, type Registry, type World } from '../world/world.ts'

/**
 * Returns the results of `work` for all items, in the order of the items: each lane has a world of its own and takes
 * one item after the other. Closes the worlds in the end.
 */
export async function inLanes<T, R>(
  options: { readonly lanes: number; readonly registry: Registry },
  items: readonly T[],
  work: (world: World, item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length)
  let next = 0
  const lane = async () => {
    const world = openWorld(options.registry)
    try {
      while (next < items.length) {
        const index = next++
        results[index] = await work(world, items[index]!, index)
      }
    } finally {
      // A failure elsewhere ends this lane as well.
      next = items.length
      await world.close()
    }
  }
  await Promise.all(Array.from({ length: Math.min(options.lanes, items.length) }, lane))
  return results
}
