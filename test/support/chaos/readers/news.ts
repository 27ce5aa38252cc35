import type { Day } from '../../../../core/dates.ts'
import { DAY, type World } from '../../lambda/world.ts'
import type { Rows } from './verdict.ts'

/** Raw files that come and are replaced. No two records that ever come are alike. */
export interface News {
  /** All rows that a day ought to have had at one time or another, as many as fill two parts at least. */
  readonly generations: (date: Day) => readonly Rows[]
  /** Other records in all of a day's files. */
  replace(date: Day): void
  /** One more file with so many records. */
  extend(date: Day, records: number): void
}

/** Records of a day's first file. */
const FIRST_RECORDS = 14

/** The raw files of a world that has none yet. */
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
