import { explore, type Exploration, type ExploreOptions } from '../explore.ts'
import { loadFunctions, type Plant } from '../load-functions.ts'
import { BUGS, type Bug } from './bugs.ts'
import { scenarioOf, STORIES, type Story } from './stories.ts'

/** What came of a story. */
export interface StoryResult extends Exploration {
  readonly story: string
}

/** What came of the search for a bug that was planted. */
export interface BugResult extends Exploration {
  readonly name: string
  readonly found: boolean
}

/**
 * Explores a story.
 *
 * @throws Error when it is closed and something that makes the story what it is was never done
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
  const { states, schedules, closed, violations, examples, done } = found
  return { story: story.name, states, schedules, closed, violations, examples, done }
}

/** Looks for the first violation that a bug brings about in its story. */
export async function checkBug(
  { name, story, plants }: Bug,
  options: ExploreOptions = {},
): Promise<BugResult> {
  const result = await checkStory(story, { ...options, maxViolations: 1 }, plants)
  return { name, found: result.violations > 0, ...result }
}

/** The story with that name, and the bug. */
export const storyNamed = (name: string): Story | undefined =>
  Object.values(STORIES).find((story) => story.name === name)
export const bugNamed = (name: string): Bug | undefined => BUGS.find((bug) => bug.name === name)

/** Whole numbers below a limit that look random and are the same for a seed. */
export function chance(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}
