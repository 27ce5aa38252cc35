import { rawDayPrefix } from '../../../../core/layout.ts'
import type { Functions } from '../load-functions.ts'
import { runAlone, type Stage } from '../performance.ts'
import type { Actor, Scenario } from '../scenario.ts'
import type { World } from '../services/call.ts'
import { Cells } from '../services/cells.ts'
import { executionsWith } from './executions.ts'
import { handsOn, type Hands } from './hands.ts'
import { judgeActor, judgeCall, judgeWorld } from './judge.ts'
import { crawler, reader } from './others.ts'
import { DATASET } from '../../lambda/dataset.ts'
import { DAYS, SERVICES } from './table.ts'
import { QUICK, SLOW, STEP_SECONDS } from './time.ts'

/** The work in progress when all actors begin, and the actors. */
export interface Story {
  readonly name: string
  /** Most steps of time. */
  readonly timeSteps: number
  /**
   * Makes the actors. To begin with, two files of the day were published one by one, and lie at home; so does the only
   * file of the other day.
   */
  readonly actors: (hands: Hands, functions: Functions) => Promise<Actor[]>
  /** True if it has more schedules than can be followed. @default false */
  readonly isEndless?: boolean
  /** Calls that some schedule has to make: otherwise the story is not the intended one. */
  readonly mustBeDone: readonly string[]
}

/** Returns a scenario in which those functions play the story. */
export async function scenarioOf(
  { name, timeSteps, actors }: Story,
  functions: Functions,
): Promise<Scenario> {
  const setup = async (stage: Stage) => {
    const hands = handsOn(stage, functions)
    await publishFile(hands, 'a', 'other', DAYS[1])
    await publishFile(hands, 'a', 'first')
    await publishFile(hands, 'b', 'second')
    return await actors(hands, functions)
  }
  const { world, value } = await runAlone(setup, SERVICES, MORNING)
  const files = world.cells.below(`raw/${rawDayPrefix(DATASET, DAYS[0])}`).length
  return {
    name,
    services: SERVICES,
    world,
    actors: value,
    time: { stepSeconds: STEP_SECONDS, steps: timeSteps },
    judgeCall,
    judgeActor,
    judgeWorld: (end) => judgeWorld(functions, end, files),
  }
}

const MORNING: World = { cells: Cells.empty, now: Date.parse('2024-01-10T00:00:00Z') / 1000 }

async function publishFile(hands: Hands, file: string, execution: string, day = DAYS[0]): Promise<void> {
  await hands.putRaw(file, day)
  await hands.publish(execution, 'changed', day)
}

/** Makes the orders of an extension by one file, and of a rebuild, from the same generation. */
async function ordersOf(hands: Hands, file: string) {
  await hands.putRaw(file)
  const extension = await hands.order('extension', 'changed')
  return { extension, rebuild: await hands.order('rebuild', 'rebuild') }
}

/** Moves the day away by a rebuild. */
async function leaveHome(hands: Hands): Promise<void> {
  await hands.putRaw('c')
  await hands.publish('rebuilt', 'rebuild')
}

/** At home: an extension and a rebuild at once, and a consolidation whose function has died. */
const publishers: Story = {
  name: 'publishers',
  timeSteps: 3,
  async actors(hands, functions) {
    const consolidation = await hands.order('consolidation', 'changed')
    const { extension, rebuild } = await ordersOf(hands, 'c')
    await hands.openIntent('consolidation', consolidation)
    const { publish, sweep } = executionsWith(functions)
    return [publish('extension', extension), publish('rebuild', rebuild), sweep(), reader()]
  },
  mustBeDone: [
    'sweep CopyObject',
    'sweep UpdatePartition',
    'extension CopyObject',
    'rebuild UpdatePartition',
  ],
}

/** At home: a rebuild whose function has died before its switch, beside one that deletes the replaced files. */
const lateSwitch: Story = {
  name: 'late switch',
  timeSteps: 4,
  async actors(hands, functions) {
    const { rebuild } = await ordersOf(hands, 'c')
    await hands.openIntent('rebuild', rebuild)
    const { sweep, tend } = executionsWith(functions)
    return [sweep(), tend(1), reader()]
  },
  mustBeDone: ['sweep UpdatePartition', 'tend DeleteObjects'],
}

/** At home: a rebuild by a function that is slow, so that time passes while it runs, and deletes. None crashes. */
const slowFunction: Story = {
  name: 'slow function',
  timeSteps: 2,
  async actors(hands, functions) {
    const { rebuild } = await ordersOf(hands, 'c')
    const rebuilding = executionsWith(functions, SLOW).publish('rebuild', rebuild)
    const tending = executionsWith(functions, { ...QUICK, leaseSeconds: SLOW.leaseSeconds }).tend(1)
    return [rebuilding, tending, reader()].map((actor) => ({ ...actor, mayCrash: false }))
  },
  mustBeDone: ['rebuild UpdatePartition', 'tend DeleteObjects'],
}

/** At home: an extension by two files, which come in two parts. */
const twoParts: Story = {
  name: 'two parts',
  timeSteps: 2,
  async actors(hands, functions) {
    await hands.putRaw('c')
    await hands.putRaw('d')
    const { publish, sweep } = executionsWith(functions)
    return [publish('extension', await hands.order('extension', 'changed')), sweep(), reader()]
  },
  mustBeDone: ['extension CopyObject', 'sweep CopyObject'],
}

/** Away: the move home, beside a crawl. */
const wayHome: Story = {
  name: 'way home',
  timeSteps: 3,
  async actors(hands, functions) {
    await leaveHome(hands)
    await hands.announceNewDay()
    const { tend, crawl } = executionsWith(functions)
    return [tend(2), crawl(), crawler(), reader()]
  },
  mustBeDone: ['tend DeleteObjects', 'tend CopyObject', 'crawl StartCrawler', 'crawler UpdatePartition'],
}

/**
 * Away: an extension meets the move home, and finishes it while the function that began it still works. None crashes.
 */
const onTheWay: Story = {
  name: 'on the way',
  timeSteps: 2,
  async actors(hands, functions) {
    await leaveHome(hands)
    const { extension } = await ordersOf(hands, 'd')
    const { publish, tend } = executionsWith(functions)
    return [publish('extension', extension), tend(1), reader()].map((actor) => ({
      ...actor,
      mayCrash: false,
    }))
  },
  mustBeDone: ['tend CopyObject', 'extension CopyObject', 'extension UpdatePartition'],
}

/** Away: half of the day is at home already, moved by a function that has died, beside a crawl. None crashes. */
const halfHome: Story = {
  name: 'half home',
  timeSteps: 1,
  async actors(hands, functions) {
    await leaveHome(hands)
    await hands.goHalfHome('dead')
    await hands.announceNewDay()
    const { tend, crawl } = executionsWith(functions)
    return [tend(1), crawl(), crawler(), reader()].map((actor) => ({ ...actor, mayCrash: false }))
  },
  mustBeDone: ['tend CopyObject', 'crawl StartCrawler', 'crawler ListObjectsV2'],
}

/** Away: all at once. An extension, a rebuild, and a consolidation whose function has died. */
const everybody: Story = {
  name: 'everybody',
  isEndless: true,
  timeSteps: 4,
  async actors(hands, functions) {
    await leaveHome(hands)
    await publishFile(hands, 'd', 'added')
    const consolidation = await hands.order('consolidation', 'changed')
    const { extension, rebuild } = await ordersOf(hands, 'e')
    await hands.openIntent('consolidation', consolidation)
    await hands.announceNewDay()
    const { publish, sweep, tend, crawl } = executionsWith(functions)
    const publishers = [publish('extension', extension), publish('rebuild', rebuild)]
    return [...publishers, sweep(), tend(2), crawl(), crawler(), reader()]
  },
  mustBeDone: [
    'extension CopyObject',
    'rebuild CopyObject',
    'sweep CopyObject',
    'tend CopyObject',
    'crawler UpdatePartition',
  ],
}

export const STORIES = {
  publishers,
  lateSwitch,
  slowFunction,
  twoParts,
  wayHome,
  onTheWay,
  halfHome,
  everybody,
}
