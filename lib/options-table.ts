import { OPTIONS } from './config.ts'

/** Returns the table of options in Markdown, as in docs/configuration.md. */
export function optionsTable(): string {
  const rows = OPTIONS.map(({ name, meaning, default: value }) => [
    `\`${name}\``,
    meaning,
    shownDefault(value),
  ])
  return [['option', 'meaning', 'default'], ['---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n')
}

/** Writes a default as Markdown code, or `none`. */
export function shownDefault(value: unknown): string {
  if (value === undefined) return 'none'
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``
}
