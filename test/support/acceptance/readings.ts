import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Raw files of the dataset `readings`, one per day. */
export interface Readings {
  /** Folder for --raw. */
  readonly raw: string
  /** Makes `extract` throw on every record of a day, or of none for null. */
  readonly setBadDay: (day: string | null) => void
}

/** Writes raw files of `count` records for each day below `folder`. */
export function writeReadings(folder: string, days: readonly string[], count: number): Readings {
  const badDayFile = join(folder, 'bad-day')
  const setBadDay = (day: string | null) => writeFileSync(badDayFile, day ?? '')
  setBadDay(null)
  const raw = join(folder, 'raw')
  for (const day of days) {
    const path = join(raw, 'readings', day.replaceAll('-', '/'))
    mkdirSync(path, { recursive: true })
    const lines = Array.from({ length: count }, (_, id) => JSON.stringify({ id, day, badDayFile }))
    writeFileSync(join(path, 'readings.jsonl'), lines.join('\n'))
  }
  return { raw, setBadDay }
}
