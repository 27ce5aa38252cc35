import Table from 'cli-table3'
import { colors } from './colors.ts'

/** Title and alignment of a table's column on screen. */
export interface TableColumn {
  readonly title: string
  /** Alignment of the cells. @default left */
  readonly align?: 'left' | 'right'
}

/**
 * Returns the columns and rows without those columns that hold `0` or nothing in each row.
 *
 * @param titles of columns that may go
 */
export function withoutZeros<Column extends TableColumn>(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  titles: readonly string[],
): readonly [columns: readonly Column[], rows: readonly (readonly string[])[]] {
  const isShown = columns.map(
    ({ title }, index) => !titles.includes(title) || rows.some((row) => !['0', ''].includes(row[index]!)),
  )
  const shown = <Item>(items: readonly Item[]) => items.filter((_, index) => isShown[index])
  return [shown(columns), rows.map(shown)]
}

/** Renders a table for the terminal, without frame, so that it stays readable in a log. Cells are not cut. */
export function renderTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: columns.map(({ title }) => colors.bold(title)),
    colAligns: columns.map(({ align = 'left' }) => align),
    style: { head: [], border: [], compact: true },
    chars: PLAIN,
  })
  table.push(...rows.map((row) => [...row]))
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

/** No frame, so that a table stays readable in a log and is easy to copy. */
const PLAIN = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' ',
}
