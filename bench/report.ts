import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { PROJECT_ROOT } from '../lib/bundle.ts'

/** A table: the names of its columns, and rows of cells. */
export interface Table {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** The machine and the versions that figures are of. */
export function machine(): string {
  const [cpu] = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${cpu?.model.trim()}, ${availableParallelism()} cores, ${memory} GiB, Node ${process.version}, ${process.platform}`
}

/** A table in Markdown, its columns aligned. */
export function markdown({ title, head, rows }: Table): string {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]!.length)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return [`## ${title}`, '', line(head), rule, ...rows.map(line), ''].join('\n')
}

/** Writes `bench/RESULTS.md`, or the page of another command of the bench. */
export function writeResults(name: string, tables: readonly Table[], date: string): string {
  const text = [`# Bench: ${name}`, '', `${date}. ${machine()}.`, '', ...tables.map(markdown)].join('\n')
  writeFileSync(join(PROJECT_ROOT, 'bench', name === 'compare' ? 'RESULTS.md' : `RESULTS-${name}.md`), text)
  return text
}

export const seconds = (value: number) => value.toFixed(2)
export const mebibytes = (bytes: number) => (bytes / 2 ** 20).toFixed(0)
export const whole = (value: number) => Math.round(value).toLocaleString('en')
export const ratio = (value: number) => value.toFixed(3)
