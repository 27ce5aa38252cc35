import { Footprints } from './footprints.ts'
import { Moment } from './moment.ts'
import {
  callOfStep,
  mayTimePass,
  mindsTime,
  stepsByActor,
  type Scenario,
  type State,
  type Step,
} from './scenario.ts'
import { traceOf } from './trace.ts'

export interface ExploreOptions {
  /** Number of schedules after which the search ends, not closed. @default no limit */
  readonly maxSchedules?: number
  /** Number of violations after which the search ends. @default 1 */
  readonly maxViolations?: number
  /**
   * Returns a random whole number below a limit: after each schedule the search then goes on anywhere, not at the last
   * open step.
   * @default depth first
   */
  readonly random?: (limit: number) => number
  /** True to leave out schedules that no actor can tell from others. @default true */
  readonly isReduced?: boolean
}

export interface Exploration {
  readonly states: number
  /** Number of schedules that were followed to their end, or to a state that another one had led to. */
  readonly schedules: number
  /** True if no schedule was left out. */
  readonly closed: boolean
  readonly violations: number
  /** The first violation of each problem. */
  readonly examples: readonly Violation[]
  /** Calls made in at least one schedule: `<actor> <call>`. */
  readonly done: ReadonlySet<string>
  /** Final states of schedules, each as text. */
  readonly ends: ReadonlySet<string>
}

export interface Violation {
  readonly problem: string
  /** Steps so far, one line each. */
  readonly trace: readonly string[]
}

/** Follows every schedule of a scenario, up to its end or to a state that another one has led to. */
export async function explore(scenario: Scenario, options: ExploreOptions = {}): Promise<Exploration> {
  const beginnings: Moment[][] = []
  let place = 1
  for (const { programs } of scenario.actors) {
    const moments: Moment[] = []
    for (const program of programs) moments.push(await Moment.first(program, place++, scenario.services))
    beginnings.push(moments)
  }
  const footprints = new Footprints()
  for (;;) {
    const search = new Search(scenario, beginnings, options, footprints)
    if (await search.run()) return search
  }
}

/** A state, and those of its steps that have not been followed yet. */
interface Visit {
  readonly state: State
  readonly steps: Step[]
  readonly from: Taken | undefined
}

/** A step that was followed. */
interface Taken {
  readonly visit: Visit
  readonly step: Step
}

class Search implements Exploration {
  schedules = 0
  closed = false
  violations = 0
  readonly done = new Set<string>()
  readonly #scenario: Scenario
  /** Beginnings of the programs of each actor. */
  readonly #beginnings: readonly (readonly Moment[])[]
  readonly #options: ExploreOptions
  readonly #footprints: Footprints
  readonly #version: number
  /** Visits with steps that have not been followed yet. */
  readonly #open: Visit[] = []
  #taken: Taken | undefined
  readonly #seen = new Set<string>()
  readonly #cells = new Map<string, number>()
  readonly #met = new Set<Moment>()
  readonly #endings = new Map<string, string | undefined>()
  readonly #examples = new Map<string, Violation>()

  constructor(
    scenario: Scenario,
    beginnings: readonly (readonly Moment[])[],
    options: ExploreOptions,
    footprints: Footprints,
  ) {
    this.#scenario = scenario
    this.#beginnings = beginnings
    this.#options = options
    this.#footprints = footprints
    this.#version = footprints.version
  }

  get states(): number {
    return this.#seen.size
  }

  get ends(): ReadonlySet<string> {
    return new Set(this.#endings.keys())
  }

  get examples(): Violation[] {
    return [...this.#examples.values()]
  }

  /**
   * Runs the search.
   *
   * @returns false if it has to begin again, because it has left out schedules that it should not have
   */
  async run(): Promise<boolean> {
    const moments = this.#beginnings.map(([first]) => first!)
    for (const [actor, beginnings] of this.#beginnings.entries()) {
      for (const moment of beginnings) this.#judgeEnd(actor, moment)
      this.#footprints.learn(actor, beginnings[0]!)
    }
    const { maxSchedules = Infinity, maxViolations = 1 } = this.#options
    const crashing = this.#scenario.actors.flatMap(({ mayCrash }, actor) => (mayCrash ? [actor] : []))
    for (const victim of [...crashing, -1]) {
      this.#taken = undefined
      await this.#visit({ world: this.#scenario.world, moments, victim })
    }
    for (let visit = this.#open.at(-1); visit; visit = this.#open.at(-1)) {
      if (this.violations >= maxViolations || this.schedules >= maxSchedules) return true
      const step = visit.steps.pop()!
      if (visit.steps.length === 0) this.#open.pop()
      this.#taken = { visit, step }
      await this.#visit(await this.#after(visit.state, step))
      if (this.#footprints.version !== this.#version) return false
    }
    this.closed = true
    return true
  }

  async #visit(state: State): Promise<void> {
    const name = this.#nameOf(state)
    const isNew = !this.#seen.has(name)
    this.#seen.add(name)
    const steps = isNew ? this.#stepsOf(state) : []
    if (steps.length > 0) {
      this.#open.push({ state, steps: steps.reverse(), from: this.#taken })
      return
    }
    this.schedules++
    if (isNew) this.#report(await this.#ending(state))
    this.#goOnAnywhere()
  }

  #goOnAnywhere(): void {
    const { random } = this.#options
    const last = this.#open.length - 1
    if (!random || last < 0) return
    const place = random(last + 1)
    ;[this.#open[last], this.#open[place]] = [this.#open[place]!, this.#open[last]!]
  }

  async #after(state: State, step: Step): Promise<State> {
    const { world, moments } = state
    if (step.kind === 'time') {
      return { ...state, world: { ...world, now: world.now + this.#scenario.time.stepSeconds } }
    }
    const { actor } = step
    const moment = moments[actor]!
    if (step.kind === 'crash') {
      const next = this.#meet(actor, moment, await moment.afterCrash())
      return { world, moments: moments.with(actor, next), victim: -1 }
    }
    const call = callOfStep(state, step)
    const answer = call.run(world)
    const told = moment.known(step.number, answer) ?? (await moment.after(step.number, answer))
    this.#report(this.#scenario.judgeCall(call, world, answer))
    if (!answer.isRefused && !this.#met.has(told))
      this.done.add(`${this.#scenario.actors[actor]!.name} ${call.name}`)
    const next = this.#meet(actor, moment, told)
    const victim = next.end && state.victim === actor ? -1 : state.victim
    return { world: answer.world, moments: moments.with(actor, next), victim }
  }

  /** Returns the moment that an actor has come to; at the end of one of its programs, the beginning of the next. */
  #meet(actor: number, from: Moment, moment: Moment): Moment {
    const next = (moment.end && this.#beginnings[actor]![this.#programOf(actor, moment) + 1]) ?? moment
    if (this.#met.has(moment)) return next
    this.#met.add(moment)
    this.#footprints.learn(actor, next, from)
    this.#judgeEnd(actor, moment)
    return next
  }

  #judgeEnd(actor: number, { end }: Moment): void {
    if (end) this.#report(this.#scenario.judgeActor(this.#scenario.actors[actor]!.name, end))
  }

  #programOf(actor: number, { first }: Moment): number {
    return this.#beginnings[actor]!.indexOf(first)
  }

  /** Returns the steps that have to be tried: those of a few actors that stand for all, or all. */
  #stepsOf(state: State): Step[] {
    const byActor = stepsByActor(state)
    let fewest = byActor.flat()
    if (fewest.length > 0 && mayTimePass(this.#scenario, state)) fewest.push({ kind: 'time' })
    const candidates = this.#options.isReduced === false ? [] : byActor
    for (const [actor, own] of candidates.entries()) {
      if (own.length === 0 || own.length >= fewest.length) continue
      const group = [...this.#footprints.together(actor, state.moments)]
      if (group.some((member) => mindsTime(this.#scenario, state, member))) continue
      const few = group.flatMap((member) => byActor[member]!)
      if (few.length < fewest.length) fewest = few
    }
    const start = this.#options.random?.(fewest.length) ?? 0
    return [...fewest.slice(start), ...fewest.slice(0, start)]
  }

  /**
   * Names a state: equal for states with the same possible futures. Of an actor that has ended, only its writes count.
   */
  #nameOf({ world, moments, victim }: State): string {
    const { text } = world.cells
    const cells = this.#cells.get(text) ?? this.#cells.size
    this.#cells.set(text, cells)
    let name = `${cells} ${world.now} ${victim}`
    for (const { id, end } of moments) name += end ? ' .' : ` ${id}`
    return name
  }

  async #ending({ world }: State): Promise<string | undefined> {
    const name = world.cells.text
    if (!this.#endings.has(name)) this.#endings.set(name, await this.#scenario.judgeWorld(world))
    return this.#endings.get(name)
  }

  #report(problem: string | undefined): void {
    if (problem === undefined) return
    this.violations++
    if (this.#examples.has(problem)) return
    const steps: (readonly [State, Step])[] = []
    for (let taken = this.#taken; taken; taken = taken.visit.from)
      steps.unshift([taken.visit.state, taken.step])
    this.#examples.set(problem, { problem, trace: traceOf(this.#scenario, steps) })
  }
}
