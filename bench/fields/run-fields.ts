/**
 * Times the fields of a dataset over a folder of raw files: `node run-fields.mjs DATASET FOLDER`. Prints the
 * microseconds per record of each field, as JSON.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { datasets } from 'virtual:datasets'
import { findDataset } from '../../processing/dataset.ts'
import { takeMilliseconds, timed } from './field-timer.ts'

const RECORDS = 20_000
/** Number of passes. The fastest counts for each field: other work of the machine only adds to the time. */
const PASSES = 7

const [name, folder] = process.argv.slice(2) as [string, string]
const dataset = findDataset(datasets, name)
const lines = rawLines()
const passes = Array.from({ length: PASSES }, runOnce)
const overhead = passes.map((pass) => pass.get('overhead')!)
const fields = [...passes[0]!.keys()].filter((field) => field !== 'overhead')
const times = fields.map((field): [string, number] => [field, least(field)])
process.stdout.write(JSON.stringify(Object.fromEntries(times)))

function rawLines(): string[] {
  const lines: string[] = []
  for (const file of readdirSync(folder).sort()) {
    if (lines.length >= RECORDS) break
    lines.push(...readFileSync(join(folder, file), 'utf8').split('\n').filter(Boolean))
  }
  return lines.slice(0, RECORDS)
}

function runOnce(): Map<string, number> {
  for (const line of lines) {
    // Parsed for each pass, as the engine does: memory of a record that was parsed long ago is slow to reach.
    const record: unknown = JSON.parse(line)
    timed('overhead', () => null)
    try {
      dataset.extract!(record as never, undefined as never)
    } catch {
      // A rejected record takes its time as well.
    }
  }
  return takeMilliseconds()
}

function least(field: string): number {
  const milliseconds = Math.min(...passes.map((pass) => pass.get(field) ?? 0)) - Math.min(...overhead)
  return (Math.max(0, milliseconds) * 1000) / lines.length
}
