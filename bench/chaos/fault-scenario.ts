import { scheduledDay } from '../../test/support/chaos/scenario/days.ts'
import type { Scenario, Variant } from '../../test/support/chaos/scenario/scenario.ts'
import { PENDING, SEVERAL_STATES } from './several-states.ts'

const VARIANTS: readonly Variant[] = Object.values(PENDING).map((day) => {
  const input = scheduledDay(...day)
  return { inputs: [input], next: input }
})

const SEEDS = 200
/** From a fault here and there to so many that hardly anything succeeds. */
const RATES = [0.04, 0.08, 0.15, 0.25] as const
const DEATH_RATES = [0, 0.04, 0.08] as const

/** Runs of one day in which calls fail at random, and processes die after they have written something. */
export const FAULTS: Scenario = {
  ...SEVERAL_STATES,
  name: 'faults',
  variants: VARIANTS,
  isRandom: true,
  disturbances: (_, base) =>
    Array.from({ length: SEEDS }, (_, index) => {
      const seed = `${base}-${index}`
      // The rate changes with each round over the variants, so that each variant meets each rate.
      const rate = RATES[Math.floor(index / VARIANTS.length) % RATES.length]!
      const deathRate = DEATH_RATES[index % DEATH_RATES.length]!
      const variant = VARIANTS[index % VARIANTS.length]!
      const text = `${JSON.stringify(variant.next)} under faults of seed ${seed}`
      return { variant, random: { seed, rate, deathRate, kind: 'any' }, text }
    }),
}
