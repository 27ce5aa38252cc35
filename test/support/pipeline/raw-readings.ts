import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Raw files of the dataset `readings`, which tests add, replace and remove. */
export interface RawReadings {
  /** Folder of the dataset's raw files. */
  readonly dir: string
  /** Writes `count` records whose ids count from `firstId`; a file of that name is replaced. */
  write(day: string, name: string, count: number, firstId?: number): void
  remove(day: string, name: string): void
  /** Makes `extract` throw on every record of a day, or of none for null. */
  setBadDay(day: string | null): void
}

/** Opens raw files below `folder`. */
export function rawReadings(folder: string): RawReadings {
  const dir = join(folder, 'readings')
  const badDayFile = join(folder, 'bad-day')
  const path = (day: string, name: string) => join(dir, day.replaceAll('-', '/'), name)
  const setBadDay = (day: string | null) => writeFileSync(badDayFile, day ?? '')
  mkdirSync(dir, { recursive: true })
  setBadDay(null)
  return {
    dir,
    setBadDay,
    write(day, name, count, firstId = 0) {
      const file = path(day, name)
      const record = (_: unknown, index: number) => JSON.stringify({ id: firstId + index, day, badDayFile })
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, Array.from({ length: count }, record).join('\n'))
    },
    remove: (day, name) => rmSync(path(day, name)),
  }
}
