import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { findManifest } from '../../aws/day-state.ts'
import { inParallel } from '../../aws/in-parallel.ts'
import { listObjects } from '../../aws/list-objects.ts'
import { openObject, statusOf, type Bucket } from '../../aws/objects.ts'
import type { Day } from '../../core/dates.ts'
import { orCorrupt } from '../../core/documents.ts'
import { DayfoldError } from '../../core/errors.ts'
import { statePrefix, tableAndDayOf } from '../../core/layout.ts'
import type { Input, Published } from '../../core/manifest.ts'
import { dataOf, type Target } from '../target.ts'

/** Dataset and range of days from which a sample is chosen, and its size. */
export interface SampleOptions {
  readonly dataset: string
  /** First day, inclusive. @default no limit */
  readonly from?: Day | undefined
  /** Last day, inclusive. @default no limit */
  readonly to?: Day | undefined
  /** Maximum number of days in the sample, 1 or more. */
  readonly limit: number
}

/** Days to compare, chosen from the published ones of a range. */
export interface Sample {
  /** Number of published days that the sample was chosen from. */
  readonly published: number
  /** Published generations of the sample's days, in order. */
  readonly days: readonly Published[]
}

/**
 * Chooses published days of a range that have raw files, evenly spread and including the first and last one (only the
 * last one if the limit is 1). Holds all manifests of the range in memory.
 *
 * @throws DayfoldError CorruptState for a day whose manifest cannot be read
 */
export async function sampleDays(target: Target, options: SampleOptions): Promise<Sample> {
  const { dataset, from, to, limit } = options
  const data = dataOf(target)
  const known = new Set<Day>()
  for await (const { key } of listObjects(data, statePrefix(dataset))) {
    const day = tableAndDayOf(key)?.day
    if (day !== undefined && (from ?? day) <= day && day <= (to ?? day)) known.add(day)
  }
  const found = await inParallel([...known].sort(), async (date) => {
    const manifest = await orCorrupt(() => findManifest(data, { dataset, date }))
    if (manifest instanceof DayfoldError) throw manifest
    return manifest?.published
  })
  const published = found.filter((day): day is Published => (day?.inputs.length ?? 0) > 0)
  return { published: published.length, days: spread(published, limit) }
}

/** Returns at most `most` items of a list, evenly spread: the first, the last and some between; only the last for 1. */
export function spread<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items]
  if (most === 1) return [items.at(-1)!]
  return Array.from(
    { length: most },
    (_, index) => items[Math.round((index * (items.length - 1)) / (most - 1))]!,
  )
}

/** Returns the first raw files of a day whose sizes are at most `mostBytes` together, but at least one. */
export function firstInputs(inputs: readonly Input[], mostBytes: number): readonly Input[] {
  let bytes = 0
  const end = inputs.findIndex(({ size }) => (bytes += size) > mostBytes)
  return end < 0 ? inputs : inputs.slice(0, Math.max(1, end))
}

/** A raw file that was copied to this machine, with its published counts. */
export interface CopiedInput extends Input {
  /** Path of the copy. */
  readonly path: string
}

/**
 * Copies raw files to a folder, exactly as they were when they were published. The copies are in the order of `inputs`.
 *
 * @throws DayfoldError RawObjectChanged for a file that is gone, has changed or may not be read
 */
export async function copyInputs(
  raw: Bucket,
  inputs: readonly Input[],
  folder: string,
): Promise<CopiedInput[]> {
  await mkdir(folder, { recursive: true })
  return inParallel(
    inputs.map((input, index) => ({ input, index })),
    async ({ input, index }) => {
      const path = join(folder, String(index))
      try {
        await pipeline(await openObject(raw, input), createWriteStream(path))
      } catch (cause) {
        const found = { 403: 'that it may not be read', 404: 'no such object', 412: 'another one' }[
          statusOf(cause) ?? 0
        ]
        if (found === undefined) throw cause
        const message = `${input.key}: expected the raw object that was published, found ${found}.`
        throw new DayfoldError('RawObjectChanged', message, { cause })
      }
      return { ...input, path }
    },
  )
}
