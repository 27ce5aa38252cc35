import { file, SCHEDULED, TODAY, YESTERDAY } from './days.ts'
import type { Kill } from '../server/messages.ts'
import type { Disturbance, Scenario, Variant } from './scenario.ts'

/** Characters of padding with which ten orders are larger than one part of an upload. */
const LONG = 600_000
const VICTIMS = ['writer', 'group'] as const
const SCHEDULED_RUN: Variant = { inputs: [SCHEDULED], next: SCHEDULED }

/** Parts of both kill scenarios: a kill after every change of state, of its writer and of everything. */
const KILLS: Pick<Scenario, 'pastInput' | 'variants' | 'disturbances' | 'isRandom'> = {
  pastInput: SCHEDULED,
  variants: [SCHEDULED_RUN],
  isRandom: false,
  disturbances: (undisturbed) =>
    VICTIMS.flatMap((victim) =>
      undisturbed.get(SCHEDULED_RUN)!.writes.map((write) => killAfter(write, victim)),
    ),
}

function killAfter(after: string, victim: Kill['victim']): Disturbance {
  return { variant: SCHEDULED_RUN, kill: { after, victim }, text: `${victim} killed after ${after}` }
}

/**
 * A scheduled run that merges yesterday's small parts of one dataset, and extends today of another by a full part and a
 * partial one, with rejects. The last file is large enough for a multipart upload.
 */
export const EXTEND: Scenario = {
  ...KILLS,
  name: 'extend',
  registry: 'index',
  past: [
    [file('visits', YESTERDAY, 'a.jsonl', 30, 2), file('orders', TODAY, 'a.jsonl', 12, 1)],
    [file('visits', YESTERDAY, 'b.jsonl', 25, 1)],
  ],
  news: [file('orders', TODAY, 'b.jsonl', 30, 3), file('orders', TODAY, 'c.jsonl', 10, 0, LONG)],
}

/**
 * A run after a change of feature code and after a raw file was replaced by a smaller one: rebuilds with fewer parts.
 */
export const REBUILD: Scenario = {
  ...KILLS,
  name: 'rebuild',
  registry: 'changed',
  past: [[file('visits', YESTERDAY, 'a.jsonl', 110, 4), file('orders', TODAY, 'a.jsonl', 30, 3)]],
  news: [file('visits', YESTERDAY, 'a.jsonl', 30, 1)],
}
