import { runDisturbed } from './disturbed.ts'
import { inLanes } from './lanes.ts'
import type { Listener, ScenarioReport } from './report.ts'
import { prepare, type Disturbance, type Scenario, type Undisturbed, type Variant } from './scenario.ts'
import { runUndisturbed } from './undisturbed.ts'
import { openWorld, type World } from '../world/world.ts'

export interface ScenarioOptions {
  /** Disturbed runs at once, each with a server of its own. */
  readonly lanes: number
  /** Seed of random choices. */
  readonly seed: string
  readonly listener: Listener
  /** Most disturbed runs, spread over all. @default all */
  readonly count?: number
  /** Pattern for the descriptions of disturbed runs. @default all */
  readonly match?: RegExp
}

/** Applies each disturbance of a scenario to the runs after its past, and checks that the next run mends it. */
export async function runScenario(scenario: Scenario, options: ScenarioOptions): Promise<ScenarioReport> {
  const { lanes, seed, listener } = options
  const { name, registry, isRandom } = scenario
  const source = openWorld('index')
  try {
    await prepare(source, scenario)
    await source.stop()
    const undisturbed = await runAllUndisturbed(scenario, source)
    const disturbances = choose(scenario.disturbances(undisturbed, seed), options)
    let done = 0
    const check = async (world: World, disturbance: Disturbance) => {
      const { variant } = disturbance
      const expected = undisturbed.get(variant)!.state
      const { failure, faults } = await runDisturbed(world, { template: source.home, disturbance, expected })
      if (failure) listener.failed(name, failure)
      listener.happened(name, faults)
      listener.checked(name, ++done, disturbances.length)
      return failure === undefined
    }
    const results = await inLanes({ lanes, registry }, disturbances, check)
    const mended = results.filter(Boolean).length
    return { name, mended, of: disturbances.length, ...(isRandom && { seed }) }
  } finally {
    await source.close()
  }
}

async function runAllUndisturbed(
  { registry, variants }: Scenario,
  source: World,
): Promise<Map<Variant, Undisturbed>> {
  const world = openWorld(registry)
  try {
    const undisturbed = new Map<Variant, Undisturbed>()
    for (const variant of variants) {
      undisturbed.set(variant, await runUndisturbed(world, source.home, variant.next))
    }
    return undisturbed
  } finally {
    await world.close()
  }
}

/** Chooses the disturbances that match, or a share of them that is spread evenly. */
function choose(all: readonly Disturbance[], { count, match }: ScenarioOptions): Disturbance[] {
  const items = all.filter(({ text }) => match?.test(text) ?? true)
  if (count === undefined || count >= items.length) return items
  return Array.from({ length: count }, (_, index) => items[Math.floor((index * items.length) / count)]!)
}
