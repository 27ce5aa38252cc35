import { defineDataset, int64, list, string, timestamp } from '../../../processing/dataset.ts'

interface Visit {
  readonly id: string
  readonly page: string
  readonly tags: readonly string[]
  readonly millis: number
  readonly at: string
  readonly isRobot?: boolean
}

/** Visits of pages: those of robots are dropped. */
export default defineDataset({
  name: 'visits',
  maxRejectedRatio: 0.5,
  columns: {
    id: string(),
    page: string().nullable(),
    tags: list(string()),
    millis: int64(),
    at: timestamp(),
  },
  extract({ id, page, tags, millis, at, isRobot }: Visit) {
    if (isRobot) return null
    return { id, page, tags, millis, at: new Date(at) }
  },
})
