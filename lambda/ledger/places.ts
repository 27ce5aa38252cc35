import type { IsRunning } from '../../aws/executions.ts'
import { ENTRY } from '../../aws/day-entries.ts'
import { inParallel } from '../../aws/in-parallel.ts'
import { readObject, type Bucket } from '../../aws/objects.ts'
import { deleteUnmoved, putObject } from '../../aws/write-objects.ts'
import type { Day } from '../../core/dates.ts'
import { decodeDocument, encodeDocument, orCorrupt, type DocumentKind } from '../../core/documents.ts'
import { DayfoldError } from '../../core/errors.ts'
import { placeKey } from '../../core/layout.ts'

/** Content of an object in `state/_places/`: the day for which one of its dataset's concurrency slots is taken. */
export interface Holder {
  readonly dataset: string
  readonly date: Day
  /** ARN of the Map's child that works on the day. */
  readonly child: string
  /** Token of the attempt. */
  readonly nonce: string
}

const HOLDER: DocumentKind<Holder> = {
  ...ENTRY,
  name: 'the holder of a place',
  fields: { dataset: 'string', date: 'string', child: 'string', nonce: 'string' },
  remedy: 'The next day that looks for a place takes it.',
}

/**
 * Concurrency slots of a dataset with `maxConcurrency`: the objects `state/_places/<dataset>/<n>`. A day must hold one
 * while it is worked on.
 */
export interface Places {
  /** The data bucket. */
  readonly data: Bucket
  /** Tells if the Map's child that holds a slot is still running. */
  readonly isRunning: IsRunning
  /** Number of slots: the dataset's `maxConcurrency`. */
  readonly count: number
}

interface Place {
  readonly key: string
  /** @default none: the slot is free */
  readonly etag?: string
  /** @default nobody, or unreadable */
  readonly holder?: Holder
}

/**
 * Maximum number of holders that one call asks Step Functions about, which answers some 15 such requests per second.
 */
const MAX_ASKED = 10
/** Maximum number of attempts while other writers are first. */
const MAX_ROUNDS = 5

/**
 * Takes one of a dataset's concurrency slots for a day: the one that its child already has, a free one, or that of a
 * child that has ended. While two releases with different numbers of slots are at work, the greater number is the
 * limit.
 *
 * @param calls how often the day has asked before: each call checks other holders
 * @returns true if the day has a slot; false if none is free or other writers were first each time: ask again later
 */
export async function takePlace(places: Places, holder: Holder, calls: number): Promise<boolean> {
  for (let round = 1; round <= MAX_ROUNDS; round++) {
    const all = await readPlaces(places.data, holder.dataset, places.count)
    // If only the answer to our write got lost, the child holds the place already.
    const place = all.find(isHeldBy(holder)) ?? (await openPlace(all, places, holder, calls))
    if (!place) return false
    const options = { onlyOver: place.etag ?? 'absent' }
    if (await putObject(places.data, place.key, encodeDocument(holder, HOLDER), options)) return true
  }
  return false
}

/** Frees the concurrency slot of an attempt; does nothing if it has none any more. */
export async function giveBackPlace(
  { data, count }: Omit<Places, 'isRunning'>,
  { dataset, nonce }: Pick<Holder, 'dataset' | 'nonce'>,
): Promise<void> {
  const places = await readPlaces(data, dataset, count)
  const place = places.find(({ holder }) => holder?.nonce === nonce)
  if (place) await deleteUnmoved(data, place.key, place.etag!)
}

const isHeldBy =
  ({ child, date }: Holder) =>
  ({ holder }: Place) =>
    holder?.child === child && holder.date === date

async function readPlaces(data: Bucket, dataset: string, count: number): Promise<Place[]> {
  const keys = Array.from({ length: count }, (_, index) => placeKey(dataset, index))
  return await inParallel(keys, async (key): Promise<Place> => {
    const object = await readObject(data, key)
    if (!object) return { key }
    const holder = await orCorrupt(() => decodeDocument(object.body, key, HOLDER))
    return { key, etag: object.etag, ...(!(holder instanceof DayfoldError) && { holder }) }
  })
}

/**
 * Finds a slot that is free or whose holder has ended. Days that ask at the same time start at different slots.
 */
async function openPlace(
  places: readonly Place[],
  { isRunning }: Places,
  { child, date }: Holder,
  calls: number,
): Promise<Place | undefined> {
  const free = turned(places, Date.parse(date) / DAY_MILLISECONDS).find(isFree(child))
  if (free) return free
  for (const place of turned(places, calls * MAX_ASKED).slice(0, MAX_ASKED)) {
    if (!(await isRunning(place.holder!.child))) return place
  }
  return undefined
}

const DAY_MILLISECONDS = 86_400_000

/** Rotates a list so that the item at `by`, counted in a circle, comes first. */
function turned<T>(items: readonly T[], by: number): T[] {
  const first = by % items.length
  return [...items.slice(first), ...items.slice(0, first)]
}

/**
 * True for a slot without a holder, or whose holder belongs to another state machine: that deployment is gone, as a
 * bucket serves one.
 */
const isFree =
  (child: string) =>
  ({ holder }: Place) =>
    !holder || stateMachineOf(holder.child) !== stateMachineOf(child)

/** Cuts an ARN of an execution or of a Map's child down to `arn:…:execution:<state machine>`. */
const stateMachineOf = (arn: string) => arn.split(/[:/]/, 7).join(':')
