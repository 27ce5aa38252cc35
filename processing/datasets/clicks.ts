import { boolean, defineDataset, float64, string, timestamp } from '../dataset.ts'
import { requiredInstant } from '../fields/instants.ts'
import { numberWithin } from '../fields/numbers.ts'
import { requiredId } from '../fields/text.ts'

/** A click on an impression, as the site logs it. */
interface ClickEvent {
  readonly click_id?: unknown
  readonly impression_id?: unknown
  readonly clicked_at?: unknown
  /** Seconds until the visitor came back. */
  readonly dwell_seconds?: unknown
  readonly applied?: unknown
}

const SECONDS_A_DAY = 86_400

/** Dataset of clicks on impressions. A training set joins it with impressions by `impression_id`. */
export default defineDataset({
  name: 'clicks',
  columns: {
    click_id: string(),
    impression_id: string(),
    clicked_at: timestamp(),
    dwell_seconds: float64().nullable(),
    applied: boolean(),
  },
  extract(event: ClickEvent) {
    return {
      click_id: requiredId(event.click_id, 'click_id'),
      impression_id: requiredId(event.impression_id, 'impression_id'),
      clicked_at: requiredInstant(event.clicked_at, 'clicked_at', ['milliseconds', 'seconds']),
      dwell_seconds: numberWithin(event.dwell_seconds, 0, SECONDS_A_DAY),
      applied: event.applied === true,
    }
  },
})
