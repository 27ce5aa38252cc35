import type { Profile } from '../../core/profile.ts'
import { meanText, nullShare, short } from './diff.ts'
import { count } from '../../core/format.ts'
import { renderTable } from './tables.ts'

const ALL = [
  { title: 'column' },
  { title: 'null' },
  { title: 'different', align: 'right' },
  { title: 'least' },
  { title: 'greatest' },
  { title: 'mean', align: 'right' },
  { title: '5%, 50%, 95%' },
  { title: 'most frequent' },
] as const

/** Renders the profile of columns as a table. */
export function renderProfile(profile: Profile['columns']): string {
  return renderTable(
    ALL,
    Object.entries(profile).map(([name, of]) => [
      name,
      nullShare(of),
      count(of.distinct),
      short(of.min),
      short(of.max),
      meanText(of),
      (of.quantiles ?? [])
        .filter(([share]) => [0.05, 0.5, 0.95].includes(share))
        .map(([, value]) => short(value))
        .join(', '),
      of.top
        .slice(0, 3)
        .map(({ value, count: times }) => `${short(value)} (${count(times)})`)
        .join(', '),
    ]),
  )
}
