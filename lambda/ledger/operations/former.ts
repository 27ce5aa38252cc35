import { listObjects } from '../../../aws/list-objects.ts'
import { deleteObjects } from '../../../aws/write-objects.ts'
import { generationOf, partitionPrefix, rejectedPrefix, replacementPrefix } from '../../../core/layout.ts'
import type { FormerIntent, MoveIntent, StoredFile } from '../../../core/manifest.ts'
import { partsIn, recordPrefix } from '../copies.ts'
import { commit, replaceIntent, SUPERSEDED, type IntentEnd } from '../intents.ts'
import type { Held, Ledger } from '../ledger.ts'
import { pointPartition } from '../partition.ts'
import { requeueDay } from '../requeue-entries.ts'
import { move } from './move.ts'

/**
 * Finishes a publish that release 0.1.0 began, which copied files into the day's ordinary folder while readers saw
 * another one. If all files of the generation exist, staged or copied, it becomes a MOVE of the whole day. Otherwise
 * the copied files are deleted and the day is requeued.
 */
export async function finishFormer(ledger: Ledger, held: Held<FormerIntent>): Promise<IntentEnd> {
  const sizes = await sizesOf(ledger, held)
  const sources = held.manifest.intent.phase === 'undoing' ? undefined : sourcesOf(held, sizes)
  if (!sources) return await undo(ledger, held)
  const moving = await replaceIntent<MoveIntent>(ledger, held, await asMove(ledger, held, sources))
  return moving ? await move(ledger, moving) : SUPERSEDED
}

/** Returns the bytes, by key, of all objects that the intent may name. */
async function sizesOf(
  { data }: Ledger,
  { day, manifest }: Held<FormerIntent>,
): Promise<Map<string, number>> {
  const sizes = new Map<string, number>()
  const { dataset, date } = day
  for (const prefix of [
    partitionPrefix(dataset, date),
    rejectedPrefix(dataset, date),
    manifest.intent.staging,
  ]) {
    for await (const { key, size } of listObjects(data, prefix)) sizes.set(key, size)
  }
  return sizes
}

/** Returns where each file of the generation lies, by its key; undefined when one is missing. */
function sourcesOf(
  { manifest: { intent } }: Held<FormerIntent>,
  sizes: ReadonlyMap<string, number>,
): ReadonlyMap<string, string> | undefined {
  const { parts, rejects } = intent.next
  const staged = new Map(intent.copies.map(({ from, to }) => [to, from]))
  const sources = new Map<string, string>()
  for (const { key, bytes } of [...parts, ...rejects]) {
    const source = [key, staged.get(key)].find((place) => place !== undefined && sizes.get(place) === bytes)
    if (source === undefined) return undefined
    sources.set(key, source)
  }
  return sources
}

async function asMove(
  ledger: Ledger,
  { day, manifest: { published, intent }, etag }: Held<FormerIntent>,
  sources: ReadonlyMap<string, string>,
) {
  const { next } = intent
  const location = replacementPrefix(day.dataset, day.date, next.generation, next.attempt)
  const moved = partsIn(location, next.parts)
  const fromSources = (copies: typeof moved.copies) =>
    copies.map((copy) => ({ ...copy, from: sources.get(copy.from)! }))
  const rejects = next.rejects.filter(({ key }) => sources.get(key) !== key)
  const home = partitionPrefix(day.dataset, day.date)
  const own = [...(published?.parts ?? []), ...next.parts]
  const { keys } = await recordPrefix(ledger, day, { prefix: home, own, over: etag })
  const kept = new Set(next.rejects.map(({ key }) => key))
  const left = (published?.rejects ?? []).map(({ key }) => key).filter((key) => !kept.has(key))
  return {
    operation: 'move',
    copies: [...fromSources(moved.copies), ...rejects.map((file) => copyOf(file, sources))],
    next: { ...next, parts: moved.parts, location },
    leaves: { prefix: home, keys: [...keys, ...left] },
  } as const
}

const copyOf = ({ key, bytes }: StoredFile, sources: ReadonlyMap<string, string>) => ({
  from: sources.get(key)!,
  to: key,
  bytes,
})

/** Deletes the copied files. 0.1.0 deleted nothing before all was copied: the published generation is whole. */
async function undo(ledger: Ledger, held: Held<FormerIntent>): Promise<IntentEnd> {
  const undoing = await replaceIntent<FormerIntent>(ledger, held, {
    ...held.manifest.intent,
    phase: 'undoing',
  })
  if (!undoing) return SUPERSEDED
  const { day, manifest } = undoing
  const { published, intent } = manifest
  await deleteObjects(ledger.data, orphans(held, await sizesOf(ledger, held)))
  if (published) await pointPartition(ledger, day, partitionPrefix(day.dataset, day.date))
  await requeueDay(ledger.data, day)
  const spentGeneration = intent.next.generation
  if (!(await commit(ledger, undoing, { spentGeneration }))) return SUPERSEDED
  ledger.onGivenUp?.(day)
  return { kind: 'forgotten' }
}

/** Returns the keys that the intent has put beside the published files. */
function orphans(
  { manifest: { published, intent } }: Held<FormerIntent>,
  sizes: ReadonlyMap<string, number>,
): string[] {
  const kept = new Set([...(published?.parts ?? []), ...(published?.rejects ?? [])].map(({ key }) => key))
  return [...sizes.keys()].filter(
    (key) =>
      !kept.has(key) &&
      !key.startsWith(intent.staging) &&
      (generationOf(key) ?? Number.POSITIVE_INFINITY) <= intent.next.generation,
  )
}
