import { markup, type Content, type Html } from './html.ts'

/** Heading and alignment of a table's column. */
export interface TableColumn {
  readonly title: string
  /** True for a column of numbers: its cells are aligned to the right. @default false */
  readonly isNumber?: boolean
}

/** A row of a table, one cell per column. The first cell is the row's heading. */
export interface TableRow {
  /** HTML id that links can point to. @default none */
  readonly id?: string
  readonly cells: readonly Content[]
}

/** Makes an HTML table with a caption, in a frame that the keyboard can scroll. */
export function table(caption: string, columns: readonly TableColumn[], rows: readonly TableRow[]): Html {
  const head = columns.map(({ title, isNumber }) =>
    isNumber ? markup`<th scope="col" class="n">${title}</th>` : markup`<th scope="col">${title}</th>`,
  )
  return frame(
    caption,
    markup`<table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${rows.map((row) => tableRow(columns, row))}</tbody></table>`,
  )
}

/**
 * Puts content that may be wider than the screen into a frame that scrolls.
 *
 * @param label name of the frame for screen readers
 */
export const frame = (label: string, content: Html) =>
  markup`<div class="frame" role="region" aria-label="${label}" tabindex="0">${content}</div>\n`

function tableRow(columns: readonly TableColumn[], { id, cells }: TableRow): Html {
  const filled = cells.map((cell, index) => {
    if (index === 0) return markup`<th scope="row">${cell}</th>`
    return columns[index]?.isNumber ? markup`<td class="n">${cell}</td>` : markup`<td>${cell}</td>`
  })
  return markup`<tr${id === undefined ? undefined : markup` id="${id}"`}>${filled}</tr>\n`
}
