import { createHash } from 'node:crypto'
import type { Attempt } from '../../core/attempt.ts'
import type { DeployedDataset } from '../../core/deployment.ts'
import { ENGINE_VERSION } from '../../core/engine.ts'
import { inputsDigest } from '../../core/manifest.ts'
import type { PlanDayContext } from './context.ts'
import { readable } from './decide.ts'
import type { RawListing } from './raw-listing.ts'

/** What an attempt is made with: while all of it is the same, what has failed fails again. */
export type Tried = Required<Pick<Attempt, 'inputs' | 'featureVersion' | 'settings'>>

/** What an attempt at a day with that listing is made with. */
export function triedWith(context: PlanDayContext, listing: RawListing): Tried {
  return { inputs: inputsDigest(readable(listing)), ...codeTried(context) }
}

/** The part of it that is known before the day's raw files are listed. */
export function codeTried({ dataset, jobSettings = '' }: PlanDayContext): Omit<Tried, 'inputs'> {
  return { featureVersion: dataset.featureVersion, settings: digest([jobSettings, ...settingsOf(dataset)]) }
}

/** Whether an attempt was made with the same. */
export function isSameTry<T extends Partial<Tried>>(attempt: Attempt, tried: T): boolean {
  return (Object.keys(tried) as (keyof Tried)[]).every((name) => attempt[name] === tried[name])
}

/** What of a deployed dataset cures no failure of a day, or is held against the attempt otherwise. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  'name',
  'columns',
  'featureVersion',
  'lookbackDays',
  'crawler',
  'maxConcurrency',
  'expectNewDataHours',
])

/** Every other setting may: what a later release adds does so unless it is named here. */
function settingsOf(dataset: DeployedDataset): string[] {
  const settings = Object.entries(dataset).filter(([name]) => !WITHOUT_EFFECT.has(name))
  return [ENGINE_VERSION, ...settings.map((setting) => JSON.stringify(setting)).sort()]
}

const digest = (texts: readonly string[]) =>
  createHash('sha256').update(texts.join('\n')).digest('hex').slice(0, 16)
