import type { RawFile } from '../world/raw-files.ts'
import type { Input } from './scenario.ts'

export const YESTERDAY = '2024-01-09'
export const TODAY = '2024-01-10'

/**
 * Input as the schedule gives it: today and the day before. Two dataset-days at once; more would only start more
 * processes.
 */
export const SCHEDULED: Input = { scheduledAt: `${TODAY}T09:10:00Z`, maxConcurrency: 2 }

/** Input as the schedule gives it, for a single dataset-day. */
export const scheduledDay = (dataset: RawFile['dataset'], date: string): Input => ({
  scheduledAt: `${TODAY}T09:10:00Z`,
  datasets: [dataset],
  from: date,
  to: date,
})

/** Input as a person gives it, for a single dataset-day: waits for a day that is busy. */
export const manualDay = (dataset: RawFile['dataset'], date: string, mode: 'changed' | 'rebuild'): Input => ({
  datasets: [dataset],
  from: date,
  to: date,
  mode,
})

/** Makes a raw file of `records` good lines and `rejects` bad ones. */
export const file = (
  dataset: RawFile['dataset'],
  date: string,
  name: string,
  records: number,
  rejects = 0,
  padding = 0,
): RawFile => ({ dataset, date, name, records, rejects, padding })
