import { manualDay, scheduledDay } from '../../test/support/chaos/scenario/days.ts'
import type { Kill } from '../../test/support/chaos/server/messages.ts'
import type { Disturbance, Scenario, Variant } from '../../test/support/chaos/scenario/scenario.ts'
import { PENDING, SEVERAL_STATES } from './several-states.ts'

/** Two executions on one day. */
const VARIANTS: readonly Variant[] = [
  pair(manualDay(...PENDING.extend, 'changed'), manualDay(...PENDING.extend, 'changed')),
  pair(manualDay(...PENDING.rebuild, 'rebuild'), manualDay(...PENDING.rebuild, 'changed')),
  pair(manualDay(...PENDING.consolidate, 'rebuild'), manualDay(...PENDING.consolidate, 'rebuild')),
  pair(scheduledDay(...PENDING.first), manualDay(...PENDING.first, 'changed')),
]

function pair(...inputs: [Variant['next'], Variant['next']]): Variant {
  return { inputs, next: { ...inputs[1], mode: 'changed' } }
}

const OF_EACH = 12
const VICTIMS = ['writer', 'group', undefined] as const

/**
 * Two executions on one day, started together. Calls are delayed at random, so that they meet at other places each
 * time, and in two of three runs a process is killed.
 */
export const CONCURRENT: Scenario = {
  ...SEVERAL_STATES,
  name: 'concurrent',
  variants: VARIANTS,
  isRandom: true,
  disturbances: (undisturbed, seed) =>
    Array.from({ length: OF_EACH * VARIANTS.length }, (_, index) => {
      const variant = VARIANTS[index % VARIANTS.length]!
      const round = Math.floor(index / VARIANTS.length)
      const { length } = undisturbed.get(variant)!.writes
      return disturbance(
        variant,
        `${seed}-${index}`,
        Math.ceil(((round + 1) / OF_EACH) * length),
        VICTIMS[round % 3],
      )
    }),
}

function disturbance(
  variant: Variant,
  seed: string,
  after: number,
  victim: Kill['victim'] | undefined,
): Disturbance {
  const text = `${JSON.stringify(variant.inputs)} delayed by seed ${seed}`
  const random = { seed, rate: 0.3, deathRate: 0, kind: 'delays' } as const
  if (!victim) return { variant, random, text }
  return { variant, random, kill: { after, victim }, text: `${text}, ${victim} killed after write ${after}` }
}
