import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { COMMANDS } from './options.ts'
import { PROJECT_ROOT } from '../lib/bundle/options.ts'

/** A table: the names of its columns, and rows of cells. */
export interface Table {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** Describes the machine and its versions. */
export function machine(): string {
  const [cpu] = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${cpu?.model.trim()}, ${availableParallelism()} cores, ${memory} GiB, Node ${process.version}, ${process.platform}`
}

/** Writes a table in Markdown, its columns aligned. */
export function markdown({ title, head, rows }: Table): string {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]!.length)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return [`### ${title}`, '', line(head), rule, ...rows.map(line), ''].join('\n')
}

const RESULTS = join(PROJECT_ROOT, 'bench/RESULTS.md')
const TITLE = '# Results of the benches\n'

/** Replaces the section of one bench in `bench/RESULTS.md` and keeps those of others. Returns the section. */
export function writeResults(name: string, tables: readonly Table[], date: string): string {
  const section = [`## ${name}`, '', `${date}. ${machine()}.`, '', ...tables.map(markdown)].join('\n')
  const known = existsSync(RESULTS) ? readFileSync(RESULTS, 'utf8') : ''
  const others = known.split(/^(?=## )/m).filter((text) => text.startsWith('## ') && nameOf(text) !== name)
  const sections = [section, ...others].sort((left, right) => order(left) - order(right))
  writeFileSync(RESULTS, [TITLE, ...sections.map((text) => `${text.trimEnd()}\n`)].join('\n'))
  return section
}

const nameOf = (section: string) => section.slice(3, section.indexOf('\n'))
const order = (section: string) => COMMANDS.findIndex((command) => command === nameOf(section).split(' ')[0])

/** Spells seconds with two decimals. */
export const seconds = (value: number) => value.toFixed(2)
/** Spells bytes as whole mebibytes. */
export const mebibytes = (bytes: number) => (bytes / 2 ** 20).toFixed(0)
/** Spells a number rounded, with thousands separated. */
export const whole = (value: number) => Math.round(value).toLocaleString('en')
/** Spells a ratio with three decimals. */
export const ratio = (value: number) => value.toFixed(3)
