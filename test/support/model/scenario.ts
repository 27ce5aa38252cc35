import type { Moment } from './moment.ts'
import type { ActorEnd, Program, Run, Services } from './performance.ts'
import { CLOCK, type Answer, type Call, type World } from './services/call.ts'

/** Somebody whose calls may come between those of others. */
export interface Actor {
  readonly name: string
  /** Whether its functions may crash. @default false */
  readonly mayCrash?: boolean
  /** What it does, one after the other. What one was told, the next does not know. */
  readonly programs: readonly Program[]
}

/** What is explored, and what must hold. What is wrong is told in words. */
export interface Scenario {
  readonly name: string
  readonly services: Services
  /** Where all schedules begin. */
  readonly world: World
  readonly actors: readonly Actor[]
  /** Time passes in steps of so many seconds, so often at most. */
  readonly time: { readonly stepSeconds: number; readonly steps: number }
  /** What is wrong with what a call did to the world. */
  readonly judgeCall: (call: Call, before: World, answer: Answer) => string | undefined
  /** What is wrong with how an actor ended. */
  readonly judgeActor: (actor: string, end: ActorEnd) => string | undefined
  /** What is wrong with what is there when all have ended. */
  readonly judgeWorld: (world: World) => Promise<string | undefined>
}

/** Everything at one moment. */
export interface State {
  readonly world: World
  readonly moments: readonly Moment[]
  /** The actor whose function is going to crash; -1 when none will any more. One does, in a schedule, at most. */
  readonly victim: number
}

/** What may happen next. */
export type Step =
  | { readonly kind: 'call'; readonly actor: number; readonly number: number }
  | { readonly kind: 'crash'; readonly actor: number }
  | { readonly kind: 'time' }

/** The call that a step answers. */
export const callOfStep = ({ moments }: State, { actor, number }: Extract<Step, { kind: 'call' }>): Call =>
  moments[actor]!.waiting.find((waiting) => waiting.number === number)!.call

/** All that may happen next in a state, by actor. */
export function stepsByActor({ world, moments, victim }: State): Step[][] {
  return moments.map(({ waiting, run }, actor) => {
    const ready = waiting.filter(({ call }) => call.isReady?.(world) ?? true)
    const steps: Step[] = ready.map(({ number }) => ({ kind: 'call', actor, number }))
    return actor === victim && run ? [...steps, { kind: 'crash', actor }] : steps
  })
}

/** Whether time may pass: no function and no query outlives its time, it has ended or crashed before. */
export function mayTimePass(scenario: Scenario, { world, moments }: State): boolean {
  return !isTimeOver(scenario, world) && moments.every(({ run }) => !run || survives(scenario, run, world))
}

/** Whether an actor waits for a call to which it matters if time passes before it, and time may. */
export function mindsTime(scenario: Scenario, { world, moments }: State, actor: number): boolean {
  const { waiting, run } = moments[actor]!
  const keepsTime = run !== undefined && !survives(scenario, run, world)
  if (keepsTime || isTimeOver(scenario, world)) return false
  return waiting.some(({ call }) => call.reads.includes(CLOCK))
}

const isTimeOver = ({ time: { stepSeconds, steps }, world }: Scenario, { now }: World) =>
  now >= world.now + stepSeconds * steps

/** Whether a function or query may be alive when time has passed once more. */
const survives = ({ time }: Scenario, { begunAt, lifeSeconds }: Run, { now }: World) =>
  now + time.stepSeconds < begunAt + lifeSeconds
