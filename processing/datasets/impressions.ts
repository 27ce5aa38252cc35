import { defineDataset, float32, int32, list, string, timestamp } from '../dataset.ts'
import { countryCode } from '../fields/countries.ts'
import { requiredInstant } from '../fields/instants.ts'
import { requiredInteger, requiredNumbers } from '../fields/numbers.ts'
import { id, requiredId, text } from '../fields/text.ts'

/** A listing shown to a visitor, as the site logs it. */
interface ImpressionEvent {
  readonly impression_id?: unknown
  readonly user_id?: unknown
  readonly job_id?: unknown
  /** Place on the page, from 1 at the top. */
  readonly position?: unknown
  readonly shown_at?: unknown
  readonly query?: unknown
  readonly device?: unknown
  readonly country?: unknown
  /** Features that the ranking had when it chose the listing. */
  readonly features?: unknown
  readonly bot?: unknown
}

/**
 * Dataset of job listings shown to visitors. A training set joins it with clicks by `impression_id`. Bots are dropped.
 */
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
    return {
      impression_id: requiredId(event.impression_id, 'impression_id'),
      user_id: id(event.user_id),
      job_id: requiredId(event.job_id, 'job_id'),
      position: requiredInteger(event.position, 'position', 1),
      shown_at: requiredInstant(event.shown_at, 'shown_at', ['milliseconds', 'seconds']),
      query: text(event.query)?.toLowerCase() ?? null,
      device: text(event.device)?.toLowerCase() ?? null,
      country: countryCode(event.country),
      features: requiredNumbers(event.features ?? [], 'features'),
    }
  },
})
