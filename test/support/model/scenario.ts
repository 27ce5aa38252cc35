import type { Moment } from './moment.ts'
import type { ActorEnd, Program, Run, Services } from './performance.ts'
import { CLOCK, type Answer, type Call, type World } from './services/call.ts'

/** A caller whose calls may come between those of others. */
export interface Actor {
  readonly name: string
  /** True if its functions may crash. @default false */
  readonly mayCrash?: boolean
  /** Its programs, one after the other. A later one does not know the answers of an earlier one. */
  readonly programs: readonly Program[]
}

/** The subject of an exploration, and judges that describe what is wrong. */
export interface Scenario {
  readonly name: string
  readonly services: Services
  /** State that all schedules begin with. */
  readonly world: World
  readonly actors: readonly Actor[]
  /** Size and greatest number of the steps in which time passes. */
  readonly time: { readonly stepSeconds: number; readonly steps: number }
  /** Returns the problem with a call's effect on the world, if any. */
  readonly judgeCall: (call: Call, before: World, answer: Answer) => string | undefined
  /** Returns the problem with the end of an actor, if any. */
  readonly judgeActor: (actor: string, end: ActorEnd) => string | undefined
  /** Returns the problem with the world after all have ended, if any. */
  readonly judgeWorld: (world: World) => Promise<string | undefined>
}

/** The whole state at one moment. */
export interface State {
  readonly world: World
  readonly moments: readonly Moment[]
  /**
   * Index of the actor whose function is going to crash; -1 if none will any more. At most one crashes per schedule.
   */
  readonly victim: number
}

/** A possible next step. */
export type Step =
  | { readonly kind: 'call'; readonly actor: number; readonly number: number }
  | { readonly kind: 'crash'; readonly actor: number }
  | { readonly kind: 'time' }

/** Returns the call that a step answers. */
export const callOfStep = ({ moments }: State, { actor, number }: Extract<Step, { kind: 'call' }>): Call =>
  moments[actor]!.waiting.find((waiting) => waiting.number === number)!.call

/** Returns all possible next steps in a state, by actor. */
export function stepsByActor({ world, moments, victim }: State): Step[][] {
  return moments.map(({ waiting, run }, actor) => {
    const ready = waiting.filter(({ call }) => call.isReady?.(world) ?? true)
    const steps: Step[] = ready.map(({ number }) => ({ kind: 'call', actor, number }))
    return actor === victim && run ? [...steps, { kind: 'crash', actor }] : steps
  })
}

/** True if time may pass: a function or query must have ended or crashed before its time is over. */
export function mayTimePass(scenario: Scenario, { world, moments }: State): boolean {
  return !isTimeOver(scenario, world) && moments.every(({ run }) => !run || survives(scenario, run, world))
}

/** True if an actor waits for a call that depends on the time, and time may pass before it. */
export function mindsTime(scenario: Scenario, { world, moments }: State, actor: number): boolean {
  const { waiting, run } = moments[actor]!
  const keepsTime = run !== undefined && !survives(scenario, run, world)
  if (keepsTime || isTimeOver(scenario, world)) return false
  return waiting.some(({ call }) => call.reads.includes(CLOCK))
}

const isTimeOver = ({ time: { stepSeconds, steps }, world }: Scenario, { now }: World) =>
  now >= world.now + stepSeconds * steps

/** True if a function or query may still be alive after one more step of time. */
const survives = ({ time }: Scenario, { begunAt, lifeSeconds }: Run, { now }: World) =>
  now + time.stepSeconds < begunAt + lifeSeconds
