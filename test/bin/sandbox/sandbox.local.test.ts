import { createServer } from 'node:net'
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openSandbox, type Sandbox } from '../../../bin/sandbox/run-sandbox.ts'
import { rawFiles, tryDataset } from '../../../bin/sandbox/try-dataset.ts'
import { watchFiles } from '../../../bin/sandbox/watch-files.ts'
import { DEFAULT_FILE_LIMITS } from '../../../core/file-limits.ts'
import { processDay } from '../../../processing/day/process-day.ts'
import { memorySink, memorySource } from '../../support/processing/day.ts'

const folder = mkdtempSync(join(tmpdir(), 'dayfold-sandbox-'))
const registry = join(folder, 'datasets.ts')
const notes: string[] = []
let sandbox: Sandbox

const MODULE = `import { readFileSync } from 'node:fs'
import { defineDataset, int32, string, timestamp } from 'dayfold'

const columns = { id: string(), at: timestamp(), hour: int32() }
interface Raw { id: string; at: string }
const extract = ({ id, at }: Raw) => {
  const time = new Date(at)
  return { id, at: time, hour: time.getHours() }
}
const lines = { line: string() }
export const datasets = [
  defineDataset({ name: 'times', columns, extract, checks: [
    { check: 'unique', columns: ['id'] },
    { check: 'range', column: 'hour', max: 20, otherwise: 'fail' },
  ] }),
  defineDataset({ name: 'place', columns: lines, extract: ({ path }: { path: string }) => ({
    line: path === 'env' ? Object.keys(process.env).sort().join() : readFileSync(path, 'utf8'),
  }) }),
  defineDataset({ name: 'hungry', columns: lines, setup() {
    const held: number[][] = []
    for (;;) held.push(new Array<number>(1e5).fill(0.5))
  }, extract: () => null }),
  defineDataset({ name: 'curious', columns: lines, setup: () => readFileSync('/etc/hostname'), extract: () => null }),
  defineDataset({ name: 'lonely', columns: lines, setup: async () => {
    await fetch('http://127.0.0.1:' + readPort())
  }, extract: () => null }),
  defineDataset({ name: 'endless', columns: lines, recordTimeoutSeconds: 2, extract({ id }: { id: number }) {
    while (id === 2);
    return null
  } }),
  defineDataset({ name: 'crashing', columns: lines, extract({ id }: { id: number }) {
    if (id === 2) for (process.kill(process.pid, 'SIGSEGV'); ;);
    return null
  } }),
]
function readPort() { return PORT }
`

beforeAll(async () => {
  // Finds a free port, which nobody listens on.
  const server = createServer().listen(0)
  const { port } = server.address() as { port: number }
  server.close()
  writeFileSync(registry, MODULE.replace('PORT', String(port)))
  sandbox = await openSandbox({ registry, note: (line) => void notes.push(line) })
})
afterAll(() => {
  sandbox.close()
  rmSync(folder, { recursive: true, force: true })
})

function file(name: string, ...records: unknown[]): string {
  const path = join(folder, name)
  writeFileSync(path, records.map((record) => `${JSON.stringify(record)}\n`).join(''))
  return path
}

const attempt = (dataset: string, ...files: string[]) =>
  tryDataset(sandbox, { dataset, files: rawFiles(files), limit: 10, profile: true })

test('wherever it is started, feature code makes the bytes that the job makes', async () => {
  const path = file(
    'times.jsonl',
    { id: 'a', at: '2024-05-06 10:00' },
    { id: 'b', at: 'May 6, 2024' },
    { id: 'c' },
  )
  vi.stubEnv('TZ', 'Asia/Tokyo')
  const before = process.cwd()
  process.chdir(folder)
  const { processed, parts, rejected } = await sandbox.run('times', rawFiles([path])).finally(() => {
    process.chdir(before)
    vi.unstubAllEnvs()
  })
  vi.stubEnv('TZ', 'UTC')
  const { sink, files } = memorySink()
  const { inputs, source } = memorySource({ 'times.jsonl': readFileSync(path) })
  const { columns } = (await sandbox.run('times', rawFiles([path]))).dataset
  const workerUrl = pathToFileURL(join(parts, '../../program/worker.mjs'))
  const limits = DEFAULT_FILE_LIMITS
  const shared = {
    inputs,
    source,
    sink,
    workerUrl,
    limits,
    columns,
    generation: 1,
    attempt: 'try',
    workers: 2,
  }
  await processDay({ dataset: 'times', ...shared }).finally(() => vi.unstubAllEnvs())
  const [part, reject] = [processed.parts[0]!.name, processed.rejects[0]!.name]
  expect(readFileSync(join(parts, part)).equals(files.get(`parts/${part}`)!)).toBe(true)
  expect(readFileSync(join(rejected, reject)).equals(files.get(`rejected/${reject}`)!)).toBe(true)
})

test('it finds no file but those of its program, and nothing of the environment', async () => {
  vi.stubEnv('SHELL_SECRET', 'x')
  const here = import.meta.filename
  const path = file(
    'places.jsonl',
    { path: 'env' },
    { path: registry },
    { path: here },
    { path: 'package.json' },
  )
  const tried = await attempt('place', path).finally(() => vi.unstubAllEnvs())
  const variables = String(tried.rows[0]!['line']).split(',')
  expect(variables).toEqual(expect.arrayContaining(['TZ', 'TMPDIR', 'NODE_ENV']))
  expect(variables).not.toContain('SHELL_SECRET')
  expect(variables).not.toContain('HOME')
  expect(tried.rejects.map(({ message }) => message)).toEqual([
    ...[registry, here].map((refused) => {
      const told = `access to ${refused} is restricted: feature code may read only its assets. Put it into the folder`
      return expect.stringContaining(`${told} that \`assets\` names (datasets.ts:`) as string
    }),
    expect.stringMatching(/ENOENT.* \(datasets\.ts:\d+:\d+\)$/),
  ])
})

test('several files are told apart, and counted by themselves', async () => {
  const files = [file('x.jsonl', { id: 'x', at: '2024-05-06' }, { id: 1 }), file('y.jsonl', { id: 'y' })]
  const tried = await attempt('times', ...files)
  expect(tried).toMatchObject({ records: 3, kept: 1, rejected: 2 })
  expect(tried.profile).toMatchObject({ id: { nulls: 0, distinct: 1 }, hour: { mean: 0 } })
  expect(tried.files.map(({ file, rejected }) => [file, rejected])).toEqual([
    ['x.jsonl', 1],
    ['y.jsonl', 1],
  ])
  expect(tried.rejects.map(({ source, line }) => [source, line])).toEqual([
    ['x.jsonl', 2],
    ['y.jsonl', 1],
  ])
  expect(tried.failure).toBeUndefined()
  const late = file('late.jsonl', { id: 'x', at: '2024-05-06T21:00Z' })
  expect((await attempt('times', late)).failure).toMatch(
    /^check range hour: expected values to 20, found .*21/,
  )
  expect(() => rawFiles([files[0]!, files[0]!])).toThrow(/expected it once/)
})

test('a setup that runs out of memory, or fails, is told as what it is', async () => {
  const path = file('one.jsonl', { id: 1 })
  await expect(attempt('hungry', path)).rejects.toMatchObject({
    code: 'WorkerDied',
    message: expect.stringMatching(
      /"hungry": expected a worker to survive setup, .*no memory left.*setup/,
    ) as string,
  })
  await expect(attempt('curious', path)).rejects.toMatchObject({
    code: 'InvalidDataset',
    message: expect.stringContaining(
      'access to /etc/hostname is restricted: feature code may read only its assets',
    ) as string,
  })
  await expect(attempt('lonely', path)).rejects.toMatchObject({
    code: 'InvalidDataset',
    message: expect.stringMatching(
      /setup failed: TypeError at datasets\.ts:\d+:\d+, caused by .*ECONNREFUSED.* \(fetch failed, caused by: .*ECONNREFUSED/,
    ) as string,
  })
})

test('a record that does not end, and one that ends the process, are named by their lines', async () => {
  const path = file('two.jsonl', { id: 1 }, { id: 2 }, { id: 3 })
  await expect(attempt('endless', path)).rejects.toThrow(
    /^two\.jsonl: .* near line 2: a record took longer than 2 s \(recordTimeoutSeconds\)\. Look at [^(]*$/,
  )
  expect(notes.filter((note) => !note.startsWith('setup'))).toEqual([
    expect.stringMatching(/^two\.jsonl line 2 takes longer than a second/),
  ])
  await expect(attempt('crashing', path)).rejects.toThrow(
    /^two\.jsonl near line 2: expected the process to survive it, found that 2 were ended \(SIGSEGV, SIGSEGV\)/,
  )
})

test('an unknown dataset is refused with those that there are', async () => {
  await expect(attempt('tmies', file('z.jsonl'))).rejects.toMatchObject({
    code: 'UnknownDataset',
    message: expect.stringContaining('expected one of times, place, hungry') as string,
  })
})

test('a program that dies as it starts is given up', async () => {
  const module = join(folder, 'dying.ts')
  writeFileSync(
    module,
    `import { defineDataset, int32 } from 'dayfold'
if (process.env.NODE_ENV === 'production') process.kill(process.pid, 'SIGKILL')
export const datasets = [defineDataset({ name: 'dying', columns: { id: int32() }, extract: () => null })]
`,
  )
  const opened = await openSandbox({ registry: module, note: () => undefined })
  await expect(opened.run('dying', rawFiles([file('id.jsonl', { id: 1 })]))).rejects.toMatchObject({
    code: 'WorkerDied',
    message: expect.stringContaining('ended by SIGKILL, SIGKILL, SIGKILL') as string,
  })
  opened.close()
})

test('files are watched: each change is worked on once, until it is enough', async () => {
  const [path, other] = [file('watched', 1), file('imported', 1)]
  // A file of the same millisecond counts as changed.
  for (const each of [path, other]) utimesSync(each, new Date(), new Date(Date.now() - 5000))
  const enough = new AbortController()
  const seen: string[] = []
  await watchFiles(enough.signal, () => {
    seen.push(`${readFileSync(path, 'utf8').trim()}${readFileSync(other, 'utf8').trim()}`)
    if (seen.length === 1) setTimeout(() => writeFileSync(path, '2'), 20)
    // This change comes while a run is in progress.
    if (seen.length === 2) {
      writeFileSync(other, '3')
      utimesSync(other, new Date(), new Date(Date.now() + 5000))
    }
    if (seen.length === 3) enough.abort()
    return Promise.resolve(seen.length === 1 ? [path] : [path, other])
  })
  expect(seen).toEqual(['11', '21', '23'])
})
