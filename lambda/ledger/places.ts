import type { IsRunning } from '../../aws/executions.ts'
import { ENTRY } from '../../aws/day-entries.ts'
import { inParallel } from '../../aws/in-parallel.ts'
import { readObject, type Bucket } from '../../aws/objects.ts'
import { deleteUnmoved, putObject } from '../../aws/write-objects.ts'
import type { Day } from '../../core/dates.ts'
import { decodeDocument, encodeDocument, orCorrupt, type DocumentKind } from '../../core/documents.ts'
import { DayfoldError } from '../../core/errors.ts'
import { placeKey } from '../../core/layout.ts'

/** A day that is worked on at one of its dataset's places. */
export interface Holder {
  readonly dataset: string
  readonly date: Day
  /** ARN of the Map's child that works on it. */
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

/** The places of a dataset, and how to learn whether who holds one is still there. */
export interface Places {
  readonly data: Bucket
  readonly isRunning: IsRunning
  /** How many there are. */
  readonly count: number
}

interface Place {
  readonly key: string
  /** @default there is nothing: it is free */
  readonly etag?: string
  /** @default nobody, or what cannot be read */
  readonly holder?: Holder
}

/** How many holders a call asks Step Functions about, which answers some 15 such requests a second. */
const MAX_ASKED = 10
/** How often it looks again after somebody else was first. */
const MAX_ROUNDS = 5

/**
 * Takes one of a dataset's places: the one that the child has already, a free one, or that of a child that has ended. A
 * release with another number of places keeps to its own: while both are at work, the greater number holds.
 *
 * @param calls how often the day has asked before: each time others are held against Step Functions
 * @returns whether it has one; where others were first again and again, ask later
 */
export async function takePlace(places: Places, holder: Holder, calls: number): Promise<boolean> {
  for (let round = 1; round <= MAX_ROUNDS; round++) {
    const all = await readPlaces(places.data, holder.dataset, places.count)
    // Its own write, when only the answer got lost.
    if (all.some((place) => place.holder?.nonce === holder.nonce)) return true
    const place = all.find(isHeldBy(holder)) ?? (await openPlace(all, places, holder, calls))
    if (!place) return false
    const options = { onlyOver: place.etag ?? 'absent' }
    if (await putObject(places.data, place.key, encodeDocument(holder, HOLDER), options)) return true
  }
  return false
}

/** Gives the place of an attempt back. Where it has none any more, nothing happens. */
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

/** A place that nobody holds, or whose holder has gone. Days that ask at once begin to look at different places. */
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

/** The same in another order: what stands at `by`, in a circle, comes first. */
function turned<T>(items: readonly T[], by: number): T[] {
  const first = by % items.length
  return [...items.slice(first), ...items.slice(0, first)]
}

/** A holder of another state machine is of a deployment that has gone: no other one uses the bucket. */
const isFree =
  (child: string) =>
  ({ holder }: Place) =>
    !holder || stateMachineOf(holder.child) !== stateMachineOf(child)

/** `arn:…:execution:<state machine>` of the ARN of an execution, or of a Map's child. */
const stateMachineOf = (arn: string) => arn.split(/[:/]/, 7).join(':')
