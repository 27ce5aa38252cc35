import { explore, type Exploration, type ExploreOptions } from '../explore.ts'
import { loadFunctions, type Plant } from '../load-functions.ts'
import type { Bug } from './bugs.ts'
import { scenarioOf, type Story } from './stories.ts'

/** Schedules after which a bug counts as not found. */
const ENOUGH = 1_000_000

/** Result of a story. */
export interface StoryResult extends Exploration {
  readonly story: string
}

/** Result of the search for a planted bug. */
export interface BugResult extends Exploration {
  readonly name: string
  readonly found: boolean
}

/**
 * Explores a story.
 *
 * @throws Error if it is closed although a call that makes the story what it is was never made
 */
export async function checkStory(
  story: Story,
  options: ExploreOptions = {},
  plants: readonly Plant[] = [],
): Promise<StoryResult> {
  const found = await explore(await scenarioOf(story, await loadFunctions(plants)), options)
  const lacking = story.mustBeDone.filter((deed) => !found.done.has(deed))
  if (found.closed && lacking.length > 0)
    throw new Error(
      `Story "${story.name}": expected in some schedule what is in none: ${lacking.join(', ')}.`,
    )
  const { states, schedules, closed, violations, examples, done, ends } = found
  return { story: story.name, states, schedules, closed, violations, examples, done, ends }
}

/** Searches for the first violation that a bug causes in its story. */
export async function checkBug({ name, story, isDeep, seed = 5, plants }: Bug): Promise<BugResult> {
  const order = isDeep ? {} : { random: chance(seed) }
  const result = await checkStory(story, { maxSchedules: ENOUGH, ...order }, plants)
  return { name, found: result.violations > 0, ...result }
}

/** Returns a function of random-looking whole numbers below a limit, always the same for a seed. */
export function chance(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}
