import { defineDataset, float32, int32, list, string, timestamp } from '../dataset.ts'
import { countryCode } from '../fields/countries.ts'
import { instant } from '../fields/instants.ts'
import { describe, requiredId, text } from '../fields/text.ts'

/** A listing shown to somebody, as the site logs it. */
interface ImpressionEvent {
  readonly impression_id?: unknown
  readonly user_id?: unknown
  readonly job_id?: unknown
  /** From 1, the top of the page. */
  readonly position?: unknown
  readonly shown_at?: unknown
  readonly query?: unknown
  readonly device?: unknown
  readonly country?: unknown
  /** What the ranking knew when it chose the listing. */
  readonly features?: number[]
  readonly bot?: unknown
}

/** Impressions: one side of the training join. */
export default defineDataset({
  name: 'impressions',
  columns: {
    impression_id: string(),
    user_id: string().nullable(),
    job_id: string(),
    position: int32(),
    shown_at: timestamp(),
    query: string().nullable(),
    device: string().nullable(),
    country: string().nullable(),
    features: list(float32()),
  },
  extract(event: ImpressionEvent) {
    if (event.bot === true) return null
    const shownAt = instant(event.shown_at)
    if (shownAt === null) throw new Error(`shown_at: expected a time, found ${describe(event.shown_at)}`)
    return {
      impression_id: requiredId(event.impression_id, 'impression_id'),
      user_id: text(event.user_id),
      job_id: requiredId(event.job_id, 'job_id'),
      position: position(event.position),
      shown_at: shownAt,
      query: text(event.query)?.toLowerCase() ?? null,
      device: text(event.device)?.toLowerCase() ?? null,
      country: countryCode(event.country),
      // What is no list of numbers is refused by the column itself.
      features: event.features ?? [],
    }
  },
})

function position(value: unknown): number {
  if (Number.isInteger(value) && (value as number) >= 1) return value as number
  throw new Error(`position: expected a whole number from 1, found ${describe(value)}`)
}
