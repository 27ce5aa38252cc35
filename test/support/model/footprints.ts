import type { Moment } from './moment.ts'
import { CLOCK, type Call } from './services/call.ts'

/** A place in an actor's code, known by the calls that it waits for there. */
class Place {
  /** Kinds of calls that the actor waits for here. */
  readonly waiting: readonly number[]
  /** Kinds of all calls that were ever made from here on. */
  readonly future = new Set<number>()
  readonly before = new Set<Place>()
  /** For other places: true if a call made from there on may not change places with one that is waited for here. */
  readonly meets = new Map<Place, boolean>()

  constructor(waiting: readonly number[]) {
    this.waiting = waiting
  }
}

/**
 * Decides which schedules need not be followed, because no actor can tell them from others. Two calls that touch
 * different cells, or only read, may change places without anybody noticing. If the calls that some actors wait for may
 * change places with every call that the others may still make, it is enough to follow the schedules in which one of
 * theirs is next. (In the literature: persistent sets. Every schedule ends, so that no call is postponed for ever.)
 *
 * The calls that others may still make are learnt: each place in an actor's code keeps the calls that were ever made
 * from there on. If an unexpected call is met that should have been known, `version` changes, and the search has to
 * begin again. If a search ends without one, there is none in the skipped schedules either: by the same exchange of
 * calls, the first would be met in a schedule that was followed.
 */
export class Footprints {
  version = 0
  readonly #places = new Map<string, Place>()
  readonly #placeOf = new Map<Moment, Place>()
  readonly #kinds: Call[] = []
  readonly #kindOf = new Map<string, number>()

  /** Notes the calls that an actor waits for, and the moment that it came from. */
  learn(actor: number, moment: Moment, from?: Moment): void {
    const place = this.#place(actor, moment)
    if (from) this.#link(this.#place(actor, from), place)
    this.#add(place, place.waiting)
  }

  /**
   * Returns actors, the given one included, whose waiting calls may change places with every call that the others may
   * still make.
   */
  together(actor: number, moments: readonly Moment[]): ReadonlySet<number> {
    const group = new Set([actor])
    for (const member of group) {
      const place = this.#placeOf.get(moments[member]!)!
      for (const [other, moment] of moments.entries()) {
        if (!moment.end && !group.has(other) && this.#meets(place, this.#placeOf.get(moment)!))
          group.add(other)
      }
    }
    return group
  }

  #place(actor: number, moment: Moment): Place {
    const known = this.#placeOf.get(moment)
    if (known) return known
    const calls = moment.waiting.map(({ call }) => call)
    const name = `${actor} ${calls
      .map(({ name, subject }) => `${name} ${subject}`)
      .sort()
      .join('; ')}`
    const place = this.#places.get(name) ?? new Place(calls.map((call) => this.#kind(call)))
    this.#places.set(name, place)
    this.#placeOf.set(moment, place)
    return place
  }

  #link(from: Place, to: Place): void {
    if (to.before.has(from)) return
    to.before.add(from)
    this.#add(from, [...to.future])
  }

  #add(place: Place, kinds: readonly number[]): void {
    const added = kinds.filter((kind) => !place.future.has(kind))
    if (added.length === 0) return
    for (const kind of added) place.future.add(kind)
    for (const other of this.#places.values()) {
      if (other.meets.get(place) !== false || !this.#conflicts(other, added)) continue
      other.meets.set(place, true)
      this.version++
    }
    for (const before of place.before) this.#add(before, added)
  }

  /** Returns the kind of a call: calls that touch the same cells in the same way are of one kind. */
  #kind(call: Call): number {
    const key = `${call.reads.join()}|${call.writes.join()}`
    const known = this.#kindOf.get(key)
    if (known !== undefined) return known
    this.#kindOf.set(key, this.#kinds.length)
    return this.#kinds.push(call) - 1
  }

  #meets(one: Place, other: Place): boolean {
    const known = one.meets.get(other)
    if (known !== undefined) return known
    const found = this.#conflicts(one, [...other.future])
    one.meets.set(other, found)
    return found
  }

  #conflicts({ waiting }: Place, kinds: readonly number[]): boolean {
    return waiting.some((kind) => kinds.some((other) => conflict(this.#kinds[kind]!, this.#kinds[other]!)))
  }
}

function conflict(one: Call, other: Call): boolean {
  return meet(one.writes, other.writes) || meet(one.writes, other.reads) || meet(one.reads, other.writes)
}

const meet = (names: readonly string[], others: readonly string[]) =>
  names.some((name) => others.some((other) => name !== CLOCK && overlap(name, other)))

function overlap(left: string, right: string): boolean {
  const [one, other] = [left, right].map((name) => (name.endsWith('*') ? name.slice(0, -1) : undefined))
  if (one !== undefined && other !== undefined) return one.startsWith(other) || other.startsWith(one)
  if (one !== undefined) return right.startsWith(one)
  return other === undefined ? left === right : left.startsWith(other)
}
