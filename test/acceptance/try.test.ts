import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { dayfold } from '../support/acceptance/dayfold.ts'
import { TEST_REGISTRY } from '../support/acceptance/places.ts'

/** Checking types takes seconds, so one test does it for all. */
const attempt = (...args: string[]) => dayfold('try', ...args, '--no-types')

const SAMPLE = join(import.meta.dirname, '../../samples/raw/clicks/2024/05/06/clicks-20240506-001.jsonl')

test('try shows the first rows, the rejected lines with their reason, and the counts', async () => {
  const { code, stdout } = await attempt('clicks', SAMPLE, '--limit', '2')
  expect(code).toBe(0)
  expect(stdout.match(/^ c-/gm)).toHaveLength(2)
  expect(stdout).toContain('… and 80 more rows')
  expect(stdout).toMatch(
    /^line \d+: extract-error: .*clicked_at: expected a time, found "soon": give ISO 8601 or /m,
  )
  expect(stdout).toMatch(/^83 records in .*: 82 kept as 82 rows, 0 dropped, 1 rejected\.$/m)
})

test('try --json is one document with the same, and with what is wrong with types', async () => {
  const { code, json } = await dayfold('try', 'clicks', SAMPLE, '--json', '--limit', '1')
  expect(code).toBe(0)
  expect(json()).toMatchObject({
    typeErrors: [],
    files: [{ file: 'clicks-20240506-001.jsonl', records: 83 }],
    records: 83,
    kept: 82,
    dropped: 0,
    rejected: 1,
    rows: [{ click_id: expect.stringMatching(/^c-/) as string }],
    rejects: [{ reason: 'extract-error' }],
    recordsPerSecond: expect.any(Number) as number,
  })
})

test('try of a file that a day would fail of ends with 1', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dayfold-try-'))
  try {
    const file = join(folder, 'clicks.jsonl')
    writeFileSync(file, '{"no":"click"}\n'.repeat(100))
    const shown = await attempt('clicks', file)
    expect(shown.stdout).toMatch(/^A day like this would fail: more than .*% of its records are rejected/m)
    expect(shown.code).toBe(1)
    const { code, json } = await attempt('clicks', file, '--json')
    expect(json()).toMatchObject({ failure: expect.any(String) as string })
    expect(code).toBe(1)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test.each(['America/New_York', 'Asia/Kolkata'])(
  'try runs in UTC where the machine is in %s',
  async (zone) => {
    const folder = mkdtempSync(join(tmpdir(), 'dayfold-try-'))
    vi.stubEnv('TZ', zone)
    try {
      const file = join(folder, 'times.jsonl')
      writeFileSync(file, '{"at":"2024-05-06 10:00:00"}\n{"at":"May 6, 2024 10:00"}\n{"at":"2024-05-06"}')
      const registry = join(folder, 'datasets.ts')
      writeFileSync(
        registry,
        `import { defineDataset, timestamp } from 'dayfold'
      const columns = { at: timestamp() }
      const extract = (record: { at: string }) => ({ at: new Date(record.at) })
      export const datasets = [defineDataset({ name: 'times', columns, extract })]`,
      )
      const { json } = await attempt('times', file, '--json', '--datasets', registry)
      const times = ['2024-05-06T10:00:00.000Z', '2024-05-06T10:00:00.000Z', '2024-05-06T00:00:00.000Z']
      expect(json<{ rows: unknown }>().rows).toEqual(times.map((at) => ({ at })))
    } finally {
      vi.unstubAllEnvs()
      rmSync(folder, { recursive: true, force: true })
    }
  },
)

test('try --json shows a list that is null', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dayfold-try-'))
  try {
    const file = join(folder, 'tagged.jsonl')
    writeFileSync(file, '{"id":1,"counts":[7]}')
    const { json } = await attempt('tagged', file, '--json', '--datasets', TEST_REGISTRY)
    expect(json<{ rows: unknown }>().rows).toEqual([{ id: 1, tags: null, counts: [7] }])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('an unknown dataset and a file that is not there are mistakes in the arguments', async () => {
  const unknown = await attempt('cilcks', SAMPLE)
  expect(unknown).toMatchObject({ code: 2, stdout: '' })
  expect(unknown.stderr).toContain('expected one of jobs, impressions, clicks, found "cilcks"')
  const missing = await attempt('clicks', '/nowhere.jsonl')
  expect(missing).toMatchObject({ code: 2, stdout: '' })
  expect(missing.stderr).toContain('/nowhere.jsonl')
  const folder = await attempt('clicks', dirname(SAMPLE))
  expect(folder).toMatchObject({ code: 2, stdout: '' })
  expect(folder.stderr).toContain('found a folder: name one of its files')
})

test('what feature code prints and throws is shown, beside the document of --json', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dayfold-try-'))
  try {
    const [file, registry] = [join(folder, 'x.jsonl'), join(folder, 'datasets.ts')]
    writeFileSync(file, '{"id":1}\n')
    writeFileSync(
      registry,
      `import { defineDataset, int32 } from 'dayfold'
      const columns = { id: int32() }
      const extract = (record: { id: number }) => { console.log('at', record); return record }
      const setup = () => { throw new Error('no model') }
      console.log('loaded')
      export const datasets = [
        defineDataset({ name: 'talks', columns, extract }),
        defineDataset({ name: 'unready', columns, extract, setup }),
      ]`,
    )
    const talking = await attempt('talks', file, '--json', '--datasets', registry)
    expect(talking.json()).toMatchObject({ kept: 1 })
    expect(talking.stderr).toContain('loaded')
    expect(talking.stderr).toContain('at { id: 1 }')
    const unready = await attempt('unready', file, '--datasets', registry)
    expect(unready.stderr).toMatch(/setup failed: Error at datasets\.ts:4:\d+ \(no model\)/)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
