import { random } from './random.ts'

/** A short record, as different from a listing as possible: many numbers, lists of numbers, little text. */
export interface RawEvent {
  readonly id: number
  readonly user: string
  readonly at: number
  readonly position: number
  readonly price: number | null
  readonly score: number
  readonly clicked: boolean
  readonly features: readonly number[]
  readonly items: readonly number[]
  readonly device: string
  readonly width: number
  readonly height: number
}

const DEVICES = ['phone', 'tablet', 'desktop', 'tv']

/** Makes event `number` of a day, which depends on its number alone. */
export function event(number: number): RawEvent {
  const pick = random(number * 40503 + 977)
  return {
    id: number,
    user: `u${pick(1_000_000)}`,
    at: 1_704_067_200_000 + pick(86_400_000),
    position: pick(50),
    price: pick(4) === 0 ? null : pick(1_000_000) / 100,
    score: pick(2 ** 30) / 2 ** 30,
    clicked: pick(20) === 0,
    features: Array.from({ length: 8 }, () => (pick(20_000) - 10_000) / 10_000),
    items: Array.from({ length: pick(6) }, () => pick(2 ** 31)),
    device: DEVICES[pick(DEVICES.length)]!,
    width: 320 + pick(3000),
    height: 480 + pick(2000),
  }
}
