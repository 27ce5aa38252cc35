import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { supervise } from '../../../processing/crashes/supervise.ts'
import { useProgram } from '../../support/processing/program.ts'

const program = useProgram()
const folder = mkdtempSync(join(tmpdir(), 'dayfold-supervise-'))
afterAll(() => rmSync(folder, { recursive: true }))
let jobs = 0

/** Supervises a job of one line, which writes to its last argument. */
function start(source: string) {
  const job = join(folder, `job-${jobs++}.mjs`)
  const [output, temporaryFolder] = [`${job}.out`, mkdtempSync(join(folder, 'tmp-'))]
  writeFileSync(output, '')
  writeFileSync(job, `import { appendFileSync } from 'node:fs'\n${source}`)
  const signals = new EventEmitter()
  const lines: object[] = []
  let printed = ''
  const ending = supervise({
    job: pathToFileURL(job),
    args: [output],
    environment: { PATH: process.env['PATH'], TZ: 'America/New_York' },
    nodeFlags: ['--no-deprecation'],
    temporaryFolder,
    signals,
    log: (line) => lines.push(line),
    onPrinted: (bytes) => (printed += bytes.toString()),
  })
  return {
    ...{ ending, signals, lines, temporaryFolder },
    output: () => readFileSync(output, 'utf8'),
    printed: () => printed,
  }
}

test('a job that ends by itself is started once and keeps its code', async () => {
  for (const code of [0, 1]) {
    const { ending, output, temporaryFolder } = start(
      `appendFileSync(process.argv[2], process.env.DAYFOLD_CRASHES + process.execArgv.at(-1)); process.exit(${code})`,
    )
    expect(await ending).toEqual({ code })
    expect(output()).toBe('[]--no-deprecation')
    expect(readdirSync(temporaryFolder)).toEqual([])
  }
})

test('a job runs in UTC, whatever the zone of what starts it', async () => {
  const { ending, output } = start(
    `appendFileSync(process.argv[2], new Date('2024-05-06 10:00:00').toISOString())`,
  )
  expect(await ending).toEqual({ code: 0 })
  expect(output()).toBe('2024-05-06T10:00:00.000Z')
})

test('a job that cannot even say what it dies of is given up after three starts', async () => {
  const { ending, output, lines } = start(`appendFileSync(process.argv[2], 'x'); process.exit(99)`)
  expect(await ending).toEqual({
    code: 1,
    message: expect.stringContaining('ended by exit code 99, exit code 99, exit code 99') as string,
  })
  expect(output()).toBe('xxx')
  expect(lines).toHaveLength(3)
})

test('what a job prints is handed on and counted, its log goes by another way', async () => {
  const { ending, lines, printed } = start(`
    console.log('one\\ntwo'); process.stdout.write('three')
    console.error('four'); process.stderr.write('five\\n')`)
  expect(await ending).toEqual({ code: 0 })
  expect(lines).toEqual([{ message: 'printed', lines: 5 }])
  for (const word of ['one\ntwo\nthree', 'four\nfive\n']) expect(printed()).toContain(word)
})

test('a process that a job leaves behind and that prints on keeps nothing from ending', async () => {
  const { ending } = start(`
    const { spawn } = await import('node:child_process')
    spawn('sleep', ['20'], { stdio: ['ignore', 1, 2], detached: true }).unref()`)
  expect(await ending).toEqual({ code: 0 })
}, 15_000)

test('a job that is stopped before it listens to signals ends, and is not started again', async () => {
  const { ending, output, signals } = start(
    `appendFileSync(process.argv[2], 'x'); setInterval(() => {}, 1000)`,
  )
  await expect.poll(output, { timeout: 10_000 }).toBe('x')
  signals.emit('SIGTERM', 'SIGTERM')
  expect(await ending).toEqual({
    code: 143,
    message: 'The job was stopped by SIGTERM; nothing was published.',
  })
  expect(output()).toBe('x')
  expect(signals.listenerCount('SIGTERM')).toBe(0)
})

test.each([
  ['while it is loaded', `throw new Error('bad start')`],
  ['later', `setTimeout(() => { throw new Error('nobody waits') }, 10)`],
])('a job that throws %s leaves a message none the less', async (_, source) => {
  const place = mkdtempSync(join(folder, 'program-'))
  copyFileSync(join(program.folder, 'main.mjs'), join(place, 'main.mjs'))
  writeFileSync(join(place, 'job.mjs'), source)
  const child = spawn(process.execPath, [join(place, 'main.mjs')], {
    env: { PATH: process.env['PATH'], DAYFOLD_ML_ROOT: place },
    stdio: 'ignore',
  })
  expect(await once(child, 'exit')).toEqual([1, null])
  expect(readFileSync(join(place, 'output/message'), 'utf8')).toBe(
    'The job: expected it to say why it fails, found exit code 1 alone. See its log.',
  )
})
