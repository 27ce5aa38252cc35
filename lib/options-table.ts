import { OPTIONS } from './config.ts'

/** The table of options in Markdown, as it stands in the README. */
export function optionsTable(): string {
  const rows = OPTIONS.map(({ name, meaning, default: value }) => [`\`${name}\``, meaning, shown(value)])
  return [['option', 'meaning', 'default'], ['---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n')
}

function shown(value: unknown): string {
  if (value === undefined) return 'none'
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``
}
