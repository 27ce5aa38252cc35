import type { Day } from '../../../../core/dates.ts'
import { DAY, type World } from '../../lambda/world.ts'
import type { Rows } from './verdict.ts'

/** Raw files that are added and replaced. All records are different, for ever. */
export interface News {
  /** The rows of a day in each of its states so far: none at first, then always enough for two parts. */
  readonly generations: (date: Day) => readonly Rows[]
  /** Replaces the records of all files of a day. */
  replace(date: Day): void
  /** Adds a file with this many records to a day. */
  extend(date: Day, records: number): void
}

/** Records in a day's first file. */
const FIRST_RECORDS = 14

/** Opens the raw files of a world that has none yet. */
export function openNews(world: World): News {
  const files = new Map<Day, Map<string, Rows>>()
  const generations = new Map<Day, Rows[]>()
  let count = 0

  function put(date: Day, name: string, records: number): void {
    const rows = Array.from({ length: records }, () => `${date}-${++count}`)
    world.putRaw(name, rows, { ...DAY, date })
    files.set(date, (files.get(date) ?? new Map<string, Rows>()).set(name, rows))
  }

  function arrive(date: Day): void {
    const rows = [...files.get(date)!.values()].flat()
    generations.set(date, [...(generations.get(date) ?? [[]]), rows])
  }

  return {
    generations: (date) => generations.get(date) ?? [[]],
    replace(date) {
      const names = [...(files.get(date) ?? new Map([['a.jsonl', { length: FIRST_RECORDS }]]))]
      for (const [name, { length }] of names) put(date, name, length)
      arrive(date)
    },
    extend(date, records) {
      put(date, `more-${files.get(date)!.size}.jsonl`, records)
      arrive(date)
    },
  }
}
