import { OPTIONS } from './config.ts'

/** Returns the Markdown table of all options for docs/configuration.md. */
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

/** Formats an option's default as Markdown code; `none` for undefined. */
export function shownDefault(value: unknown): string {
  if (value === undefined) return 'none'
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``
}
