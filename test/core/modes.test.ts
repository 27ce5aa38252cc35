import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildProgram } from '../../bin/program.ts'
import { INPUT_FIELDS, parseExecutionInput } from '../../core/execution-input.ts'
import { DEFAULT_MODE, describeModes, MODE_NAMES, MODES } from '../../core/modes.ts'

const DOCS = join(import.meta.dirname, '../../docs')
const code = (text: string) => `\`${text}\``
/** Cells of the rows of all tables. */
const rows = existsSync(DOCS)
  ? ['backfills.md', 'commands.md']
      .flatMap((page) => readFileSync(join(DOCS, page), 'utf8').split('\n'))
      .filter((line) => line.startsWith('|'))
      .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
  : []

describe.skipIf(rows.length === 0)('the docs', () => {
  it('say of each mode what it means, and which is the default', () => {
    expect(rows.find(([, field]) => field === code('mode'))).toEqual([
      '',
      code('mode'),
      describeModes(code),
      code(DEFAULT_MODE),
      '',
    ])
  })

  it('name the modes that the command line takes', () => {
    const run = rows.find(([, command]) => command?.startsWith('`run '))
    expect(run?.[1]).toContain(`[--mode ${MODE_NAMES.join('\\|')}]`)
  })

  it('have a row for each field of the execution input', () => {
    const first = rows.findIndex(([, field]) => field === 'field')
    const fields = rows.slice(first + 2).map(([, cell]) => cell!.split(', '))
    const input = fields.slice(
      0,
      fields.findIndex((names) => names[0] === 'command'),
    )
    expect(input.flat().toSorted()).toEqual(INPUT_FIELDS.map(code).toSorted())
  })
})

it('the help of `run` says of each mode what it means', () => {
  const run = buildProgram().commands.find((command) => command.name() === 'run')!
  const help = run.helpInformation().replaceAll(/\s+/g, ' ')
  for (const mode of MODE_NAMES) expect(help).toContain(`${mode}: ${MODES[mode].days}`)
  expect(help).toContain(`(default: ${DEFAULT_MODE})`)
})

it('every mode is one that an execution may name', () => {
  for (const mode of MODE_NAMES) expect(parseExecutionInput({ mode }).mode).toBe(mode)
  expect(parseExecutionInput({}).mode).toBe(DEFAULT_MODE)
})
