import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { badDay, type BadDay } from '../bad-day.ts'

/** Raw files of the dataset `readings`, which tests add, replace and remove. */
export interface RawReadings extends Pick<BadDay, 'setBadDay'> {
  /** Folder of the dataset's raw files. */
  readonly dir: string
  /** Writes `count` records whose ids count from `firstId`; a file of that name is replaced. */
  write(day: string, name: string, count: number, firstId?: number): void
  remove(day: string, name: string): void
}

/** Opens raw files below `folder`. */
export function rawReadings(folder: string): RawReadings {
  const dir = join(folder, 'readings')
  const { badDayUrl, setBadDay } = badDay()
  const path = (day: string, name: string) => join(dir, day.replaceAll('-', '/'), name)
  mkdirSync(dir, { recursive: true })
  return {
    dir,
    setBadDay,
    write(day, name, count, firstId = 0) {
      const file = path(day, name)
      const record = (_: unknown, index: number) => JSON.stringify({ id: firstId + index, day, badDayUrl })
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, Array.from({ length: count }, record).join('\n'))
    },
    remove: (day, name) => rmSync(path(day, name)),
  }
}
