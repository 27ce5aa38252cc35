import type { Checked } from '../../client/check.ts'
import { colors } from './colors.ts'
import { counted } from '../../core/format.ts'
import { renderTable } from './tables.ts'

const COLUMNS = [
  { title: 'dataset' },
  { title: 'day' },
  { title: 'found' },
  { title: 'key' },
  { title: '' },
] as const

/** Renders the differences that `status --check` has found as a table, with the number of days that were checked. */
export function renderFindings({ checked, findings }: Checked): string {
  const looked = `${counted(checked, 'dataset-day')} checked`
  if (findings.length === 0) return `${looked}: all as their manifests say.`
  const rows = findings.map(({ dataset, date, kind, key, finding }) => [
    dataset,
    date,
    colors.red(kind),
    key,
    // Messages about documents begin with the key, which has its own column.
    finding.replace(`${key}: `, ''),
  ])
  return `${renderTable(COLUMNS, rows)}\n${looked}, ${counted(findings.length, 'difference')} found.`
}
