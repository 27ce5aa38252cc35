import { renderTable } from './tables.ts'

/** Maximum number of characters of a cell on screen. */
const MAX_CELL = 40
const GAP = 2

/**
 * Renders rows as tables that fit the screen. Columns that do not fit beside the others go to a further table below.
 * Cells are cut to 40 characters; a column that is wider than the screen stands alone.
 *
 * @param width characters per line
 */
export function renderRows(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
): string {
  const cells = rows.map((row) => row.map(shorten))
  const widths = names.map((name, column) =>
    Math.max(name.length, ...cells.map((row) => row[column]!.length)),
  )
  return blocks(widths, width)
    .map(([from, to]) =>
      renderTable(
        names.slice(from, to).map((title) => ({ title })),
        cells.map((row) => row.slice(from, to)),
      ),
    )
    .join('\n\n')
}

/** Splits columns into ranges that fit side by side. */
function blocks(widths: readonly number[], width: number): [from: number, to: number][] {
  const found: [number, number][] = []
  let from = 0
  let used = 0
  for (const [column, own] of widths.entries()) {
    if (column > from && used + own + GAP > width) {
      found.push([from, column])
      from = column
      used = 0
    }
    used += own + GAP
  }
  return [...found, [from, widths.length]]
}

/** Puts a text on one line and cuts it. */
function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > MAX_CELL ? `${line.slice(0, MAX_CELL - 1)}…` : line
}
