import { clientsOver, type Clients } from './services/clients.ts'
import { CLOCK, type Call, type Operations, type Told, type World } from './services/call.ts'

/** Values that code takes from the machine that it runs on; bundled for the model, it takes them from here. */
interface Machine {
  uuid(): string
  /** Milliseconds since 1970. */
  now(): number
  random(): number
  sleep(): Promise<void>
}

declare global {
  /** The machine of the actor whose code runs at this moment; there is only one. */
  var modelMachine: Machine | undefined
}

/** A function or a query in progress. */
export interface Run {
  /** Seconds since 1970. */
  readonly begunAt: number
  /** Most seconds that it may take. */
  readonly lifeSeconds: number
}

/** The end of a function that was invoked. */
export type Ended<T> = { readonly kind: 'returned'; readonly value: T } | { readonly kind: 'crashed' }

/** The means of an actor's program. */
export interface Stage extends Clients {
  /** Makes a call that the clients do not have. */
  call(call: Call): Promise<Told>
  /**
   * Runs a function. Its beginning is a step; from then on it may crash, and it ends before its life is over.
   *
   * @param work gets the ISO time of its beginning
   */
  invoke<T>(name: string, lifeSeconds: number, work: (begunAt: string) => Promise<T>): Promise<Ended<T>>
}

/** An actor's code. All its knowledge comes from the answers to its calls. */
export type Program = (stage: Stage) => Promise<unknown>

export interface Services {
  readonly s3: Operations
  readonly glue: Operations
}

/** The end of an actor's program. */
export type ActorEnd =
  { readonly kind: 'returned'; readonly value: unknown } | { readonly kind: 'threw'; readonly error: unknown }

/** A call that an actor waits for, and its number among the actor's calls. */
export interface WaitingCall {
  readonly number: number
  readonly call: Call
}

interface Pending extends WaitingCall {
  readonly settle: (told: Told) => void
}

/** An actor's program in progress. Between two answers its code runs until it waits again, while no other code runs. */
export class Performance {
  end: ActorEnd | undefined
  run: Run | undefined
  readonly #pending = new Map<number, Pending>()
  readonly #machine: Machine
  #calls = 0
  #crash: (() => void) | undefined

  private constructor(place: number) {
    let uuids = 0
    this.#machine = {
      uuid: () => `${digits(place, 2)}${digits(uuids++, 6)}-0000-4000-8000-000000000000`,
      now: () => (this.run?.begunAt ?? 0) * 1000,
      random: () => 0.5,
      sleep: async () => void (await this.#call(SLEEP)),
    }
  }

  /**
   * Begins a program.
   *
   * @param place tells its uuids from those of other programs
   */
  static async begin(program: Program, place: number, services: Services): Promise<Performance> {
    const performance = new Performance(place)
    await performance.#drain(() => performance.#start(program, services))
    return performance
  }

  get waiting(): readonly WaitingCall[] {
    return [...this.#pending.values()].map(({ number, call }) => ({ number, call }))
  }

  async answer(number: number, told: Told): Promise<void> {
    const { settle } = this.#pending.get(number)!
    this.#pending.delete(number)
    await this.#drain(() => settle(told))
  }

  /** Ends the function in progress: its calls are never answered. */
  async crash(): Promise<void> {
    this.#pending.clear()
    await this.#drain(() => this.#crash!())
  }

  #start(program: Program, services: Services): void {
    const call = (call: Call) => this.#call(call)
    const invoke: Stage['invoke'] = (...args) => this.#invoke(...args)
    program({ ...clientsOver({ ...services, perform: call }), call, invoke }).then(
      (value) => void (this.end = { kind: 'returned', value }),
      (error: unknown) => void (this.end = { kind: 'threw', error }),
    )
  }

  /** Lets the code run until it waits for answers: only fulfilled promises lie in between. */
  async #drain(begin: () => void): Promise<void> {
    globalThis.modelMachine = this.#machine
    begin()
    await new Promise(setImmediate)
    globalThis.modelMachine = undefined
  }

  #call(call: Call): Promise<Told> {
    const number = this.#calls++
    return new Promise((settle) => this.#pending.set(number, { number, call, settle }))
  }

  async #invoke<T>(
    name: string,
    lifeSeconds: number,
    work: (begunAt: string) => Promise<T>,
  ): Promise<Ended<T>> {
    const { date } = await this.#call(beginning(name))
    this.run = { begunAt: date, lifeSeconds }
    const crashed = new Promise<Ended<T>>((resolve) => (this.#crash = () => resolve({ kind: 'crashed' })))
    const returned = work(new Date(date * 1000).toISOString()).then(
      (value) => ({ kind: 'returned', value }) as const,
    )
    try {
      return await Promise.race([returned, crashed])
    } finally {
      this.run = undefined
    }
  }
}

/**
 * Runs a program without any other actor: each call is answered at once. Returns its result and the world that it left.
 *
 * @throws what the program throws
 */
export async function runAlone<T>(
  program: (stage: Stage) => Promise<T>,
  services: Services,
  start: World,
): Promise<{ readonly world: World; readonly value: T }> {
  const performance = await Performance.begin(program, ALONE, services)
  let world = start
  while (!performance.end) {
    const [next] = performance.waiting
    if (!next) throw new Error('A program alone: expected it to make a call or to end, found neither.')
    const answer = next.call.run(world)
    world = answer.world
    await performance.answer(next.number, answer)
  }
  if (performance.end.kind === 'threw') throw performance.end.error
  return { world, value: performance.end.value as T }
}

/** The place of a program that runs alone. */
const ALONE = 0

const digits = (number: number, length: number) => String(number).padStart(length, '0')

const SLEEP: Call = {
  name: 'sleep',
  subject: '',
  reads: [],
  writes: [],
  run: (world) => ({ world, id: '', words: '', date: 0, give: () => undefined }),
}

const beginning = (name: string): Call => ({
  name: 'begin',
  subject: name,
  reads: [CLOCK],
  writes: [],
  run: (world) => ({ world, id: String(world.now), words: '', date: world.now, give: () => undefined }),
})
