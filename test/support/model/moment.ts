import type { Answer } from './services/call.ts'
import {
  Performance,
  type ActorEnd,
  type Program,
  type Run,
  type Services,
  type WaitingCall,
} from './performance.ts'

type Begin = () => Promise<Performance>
type Next = (performance: Performance) => Promise<void>

/**
 * A moment of an actor: all answers that it got so far, and the calls that it waits for. An actor depends on its
 * answers alone, so that its code runs once for each moment, however many schedules of the others lead there. A moment
 * after another answer is reached by running the code again from the start, with the answers from before.
 */
export class Moment {
  static #count = 0
  readonly id = Moment.#count++
  readonly waiting: readonly WaitingCall[]
  readonly run: Run | undefined
  readonly end: ActorEnd | undefined
  /** The beginning of its program. */
  readonly first: Moment
  readonly #begin: Begin
  readonly #before: { readonly moment: Moment; readonly next: Next } | undefined
  readonly #after = new Map<string, Moment>()
  /** The code in its state here, until it goes on from here. */
  #performance: Performance | undefined

  private constructor(performance: Performance, begin: Begin, before?: { moment: Moment; next: Next }) {
    this.waiting = performance.waiting
    this.run = performance.run
    this.end = performance.end
    this.first = before?.moment.first ?? this
    this.#begin = begin
    this.#before = before
    if (!this.end) this.#performance = performance
  }

  /**
   * Returns the moment of an actor without any answer.
   *
   * @param place from 1, among all programs
   */
  static async first(program: Program, place: number, services: Services): Promise<Moment> {
    const begin = () => Performance.begin(program, place, services)
    return new Moment(await begin(), begin)
  }

  /** Returns the moment after an answer, if it is known already. */
  known(number: number, { id }: Answer): Moment | undefined {
    return this.#after.get(`${number} ${id}`)
  }

  after(number: number, { id, date, give }: Answer): Promise<Moment> {
    return this.#reach(`${number} ${id}`, (performance) => performance.answer(number, { date, give }))
  }

  /** Returns the moment after the actor's function has crashed. */
  afterCrash(): Promise<Moment> {
    return this.#reach('crash', (performance) => performance.crash())
  }

  async #reach(key: string, next: Next): Promise<Moment> {
    const known = this.#after.get(key)
    if (known) return known
    const performance = this.#performance ?? (await this.#replay())
    this.#performance = undefined
    await next(performance)
    const moment = new Moment(performance, this.#begin, { moment: this, next })
    this.#after.set(key, moment)
    return moment
  }

  async #replay(): Promise<Performance> {
    const steps: Next[] = []
    for (let before = this.#before; before; before = before.moment.#before) steps.unshift(before.next)
    const performance = await this.#begin()
    for (const next of steps) await next(performance)
    return performance
  }
}
