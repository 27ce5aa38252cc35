import { createHash } from 'node:crypto'
import type { Attempt } from '../../core/attempt.ts'
import type { DeployedDataset } from '../../core/deployment.ts'
import { ENGINE_VERSION } from '../../core/engine.ts'
import { inputsDigest } from '../../core/manifest.ts'
import type { PlanDayContext } from './context.ts'
import { readable } from './decide.ts'
import type { RawListing } from './raw-listing.ts'

/**
 * Identity of an attempt at a day: digest of the readable raw files, feature version and digest of settings. As long as
 * all three stay the same, a failure marked as lasting would recur.
 */
export type Tried = Required<Pick<Attempt, 'inputs' | 'featureVersion' | 'settings'>>

/** Returns the {@link Tried} of an attempt that reads the raw files in that listing. */
export function triedWith(context: PlanDayContext, listing: RawListing): Tried {
  return { inputs: inputsDigest(readable(listing)), ...codeTried(context) }
}

/** Returns the part of {@link triedWith} that is known before raw files are listed: feature version and settings. */
export function codeTried({ dataset, jobSettings = '' }: PlanDayContext): Omit<Tried, 'inputs'> {
  return { featureVersion: dataset.featureVersion, settings: digest([jobSettings, ...settingsOf(dataset)]) }
}

/**
 * True if an attempt has the same values as `tried` in every field of `tried`; fields that `tried` lacks are not
 * compared.
 */
export function isSameTry<T extends Partial<Tried>>(attempt: Attempt, tried: T): boolean {
  return (Object.keys(tried) as (keyof Tried)[]).every((name) => attempt[name] === tried[name])
}

/** Settings of a deployed dataset whose change cures no failure, or which are compared in another way. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  'name',
  'columns',
  'featureVersion',
  'lookbackDays',
  'crawler',
  'maxConcurrency',
  'expectNewDataHours',
])

/** All other settings count, those of later releases too unless they are named above. */
function settingsOf(dataset: DeployedDataset): string[] {
  const settings = Object.entries(dataset).filter(([name]) => !WITHOUT_EFFECT.has(name))
  return [ENGINE_VERSION, ...settings.map((setting) => JSON.stringify(setting)).sort()]
}

const digest = (texts: readonly string[]) =>
  createHash('sha256').update(texts.join('\n')).digest('hex').slice(0, 16)
