import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { columnSpecs, type Dataset } from '../../../processing/dataset.ts'
import { datasets } from '../../../processing/datasets/index.ts'
import { rowCheck } from '../../../processing/records/check-row.ts'
import { readJson } from '../../../processing/records/json/read-json.ts'
import { generateSamples, SAMPLE_DAYS } from '../../../samples/generate.ts'

const RAW = join(import.meta.dirname, '../../../samples/raw')

function read(path: string): Buffer {
  const content = readFileSync(join(RAW, path))
  return path.endsWith('.gz') ? gunzipSync(content) : content
}

test('the committed samples are what the generator makes', () => {
  const files = generateSamples()
  const committed = readdirSync(RAW, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.jsonl/.test(path),
  )
  expect(committed.sort()).toEqual(files.map(({ path }) => path).sort())
  for (const { path, content } of files) expect(read(path).equals(content), path).toBe(true)
})

test.each(datasets.flatMap((dataset) => SAMPLE_DAYS.map((day) => [dataset.name, day, dataset] as const)))(
  'the samples of %s of %s hold rejected records, and stay below the limit',
  (_, day, dataset: Dataset) => {
    const { kept, rejected } = outcomes(dataset, day)
    expect(rejected).toBeGreaterThan(0)
    expect(rejected / (kept + rejected)).toBeLessThan(dataset.maxRejectedRatio)
  },
)

/** Counts the outcomes of a day's lines, by the dataset's code and the engine's check of rows. */
function outcomes(dataset: Dataset, day: string): { kept: number; rejected: number } {
  const problemOf = rowCheck(columnSpecs(dataset))
  const decoder = new TextDecoder('utf8', { fatal: true })
  let [kept, rejected] = [0, 0]
  for (const { path, content } of generateSamples()) {
    if (!path.startsWith(`${dataset.name}/${day.replaceAll('-', '/')}/`)) continue
    for (const line of splitLines(content)) {
      try {
        decoder.decode(line)
        const row = dataset.extract!(readJson(line, 0, line.length) as never, undefined as never)
        if (row !== null && problemOf(row) !== undefined) rejected++
        else kept++
      } catch {
        rejected++
      }
    }
  }
  return { kept, rejected }
}

function splitLines(content: Buffer): Buffer[] {
  const lines: Buffer[] = []
  for (let start = 0; start < content.length;) {
    const newline = content.indexOf(10, start)
    const end = newline === -1 ? content.length : newline
    if (content.subarray(start, end).toString('latin1').trim() !== '')
      lines.push(content.subarray(start, end))
    start = end + 1
  }
  return lines
}
