import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { linkFolder } from '../link-folder.ts'
import { cuts } from './cuts.ts'
import { plan, publish, startRun, work, type DayRun, type DayRunOptions } from './run-day.ts'
import { startWorld, type World, type WorldOptions } from './world.ts'

/** A publish that is cut off, and the content of the day once it is mended. */
export interface Scenario {
  readonly name: string
  /** Prepares the world up to the moment before the publish that is cut off. */
  readonly before: (world: World) => void | Promise<void>
  readonly options?: DayRunOptions
  readonly ids: readonly string[]
}

/** The moment before a publish: a world, the run that is about to publish, and its work order. */
export interface BeforePublish {
  readonly world: World
  readonly run: DayRun
  readonly order: string
}

/** The part of a scenario that prepares the moment before a publish. */
export type Beginning = Pick<Scenario, 'before' | 'options'>

export interface BeforePublishOptions extends Pick<WorldOptions, 'services'> {
  /** Name of the caller that is to publish. @default publisher */
  readonly caller?: string
}

interface Moment {
  readonly home: string
  readonly execution: string
  readonly order: string
}

/** Each beginning is carried out once; each world begins with a copy of the home that it left. */
const moments = new WeakMap<Beginning, Promise<Moment>>()

/** Opens a new world at the moment before a publish. */
export async function beforePublish(
  beginning: Beginning,
  { caller = 'publisher', ...options }: BeforePublishOptions = {},
): Promise<BeforePublish> {
  const known = moments.get(beginning) ?? reach(beginning)
  moments.set(beginning, known)
  const { home, execution, order } = await known
  const world = await startWorld({ template: home, ...options })
  return { world, run: startRun(world, { ...beginning.options, caller, execution }), order }
}

async function reach({ before, options }: Beginning): Promise<Moment> {
  const world = await startWorld()
  await before(world)
  const execution = randomUUID()
  const run = startRun(world, { ...options, execution })
  const order = await work(run, await plan(run))
  const home = mkdtempSync(join(tmpdir(), 'dayfold-moment-'))
  process.once('exit', () => rmSync(home, { recursive: true, force: true }))
  linkFolder(world.home, home)
  return { home, execution, order }
}

/** Publishes; the publisher dies at its k-th write. Returns true if it died. */
export async function publishUntil({ world, run, order }: BeforePublish, k: number): Promise<boolean> {
  world.dieAfter(run.caller, k)
  const died = await publish(run, order).then(
    () => false,
    () => true,
  )
  world.running.clear()
  return died
}

/** Emits worlds in which a publisher has died at one of its {@link cuts}, then at the next, until it does not die. */
export async function* cutWorlds(scenario: Scenario, story?: number) {
  for (const k of cuts(story)) {
    const moment = await beforePublish(scenario)
    const died = await publishUntil(moment, k)
    yield { world: moment.world, died, k }
    if (!died) return
  }
}
