import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { badDay, type BadDay } from '../bad-day.ts'

/** Raw files of the dataset `readings`, one per day. */
export interface Readings extends Pick<BadDay, 'setBadDay'> {
  /** Folder for --raw. */
  readonly raw: string
}

/** Writes raw files of `count` records for each day below `folder`. */
export function writeReadings(folder: string, days: readonly string[], count: number): Readings {
  const { badDayUrl, setBadDay } = badDay()
  const raw = join(folder, 'raw')
  for (const day of days) {
    const path = join(raw, 'readings', day.replaceAll('-', '/'))
    mkdirSync(path, { recursive: true })
    const lines = Array.from({ length: count }, (_, id) => JSON.stringify({ id, day, badDayUrl }))
    writeFileSync(join(path, 'readings.jsonl'), lines.join('\n'))
  }
  return { raw, setBadDay }
}
