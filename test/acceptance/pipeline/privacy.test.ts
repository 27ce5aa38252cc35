import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EndedExecution } from '../../support/pipeline/executions.ts'
import { startPipeline, statuses, type Pipeline } from '../../support/pipeline/pipeline.ts'

/** Stands for personal data; its form allows it to be the name of an error's class. */
const SECRET = 'Jane4111'
const COLUMNS = ['whole', 'long', 'single', 'double', 'flag', 'at', 'day', 'amount', 'words']

const line = (talk: object) => `${JSON.stringify({ id: 1, secret: SECRET, ...talk })}\n`
const GOOD = line({}).repeat(400)
const surplus = line({ act: 'surplus' })
const thrown = line({ act: 'throw' }) + line({ act: 'throw text' })

/** One day for each way in which raw data could leak. */
const CASES = {
  'few rejects and prints': {
    'good.jsonl': GOOD,
    'prints.jsonl': line({ act: 'print' }),
    'surplus.jsonl': surplus,
    'thrown.jsonl': thrown,
  },
  'not JSON': {
    'x.jsonl': `${SECRET}\n{"a":${SECRET}}\n{"a":"${SECRET}\n{"${SECRET}" 1}\n`,
    'y.jsonl': `"${SECRET}"\n["${SECRET}"]\n`,
    'z.jsonl': Buffer.concat([Buffer.from(`{"a":"${SECRET}`), Buffer.of(0xff), Buffer.from('"}\n')]),
  },
  'wrong kinds': { 'x.jsonl': COLUMNS.map((column) => line({ column })).join('') + surplus },
  throws: { 'x.jsonl': thrown },
  'throws late': { 'x.jsonl': line({ act: 'throw late' }) },
  unreadable: {
    text: `${SECRET} was here\nand there\n`,
    binary: Buffer.concat([Buffer.from(SECRET), Buffer.of(0, 1, 2, 255)]),
  },
  // Read as a stream, so that it dies while it reads.
  dies: { 'x.jsonl.gz': gzipSync(line({ act: 'die' }) + GOOD.repeat(200)).subarray(0, -9) },
} satisfies Record<string, Record<string, string | Buffer>>
type Case = keyof typeof CASES
const NAMES = Object.keys(CASES) as Case[]
const PUBLISHED: readonly Case[] = ['few rejects and prints']
const dayOf = (name: Case) => `2024-01-${String(NAMES.indexOf(name) + 1).padStart(2, '0')}`

let pipeline: Pipeline
let ended: EndedExecution
const log: string[] = []

beforeAll(async () => {
  pipeline = await startPipeline({ registry: 'talkative.ts', log: (text) => log.push(text) })
  for (const of of NAMES) {
    for (const [name, bytes] of Object.entries(CASES[of])) {
      const file = join(pipeline.raw.dir, dayOf(of).replaceAll('-', '/'), name)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, bytes)
    }
  }
  ended = await pipeline.run({ from: dayOf(NAMES[0]!), to: dayOf(NAMES.at(-1)!) })
})
afterAll(() => pipeline.close())

/** Returns the text of all files below a folder, decompressed, by path. */
function textsBelow(folder: string): [path: string, text: string][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      const bytes = readFileSync(path)
      return [
        path.slice(folder.length + 1),
        (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('latin1'),
      ]
    })
}

const causeOf = (name: Case) => ended.summary!.days.find(({ date }) => date === dayOf(name))!.cause

test('each day ends as it is meant to', () => {
  const ends = NAMES.map((name) => [dayOf(name), PUBLISHED.includes(name) ? 'published' : 'failed'])
  expect(statuses(ended.summary)).toEqual(Object.fromEntries(ends))
})

test('raw data stands in published and rejected records, in profiles of columns, in what this machine keeps of prints, and nowhere else', () => {
  const places = textsBelow(pipeline.home)
    .filter(([, text]) => text.includes(SECRET))
    .map(([path]) => path)
  const data = String.raw`s3/data/(processed|rejected|staging)/readings/day_partition=[-0-9]+/`
  const records = String.raw`^${data}(.*\.parquet|.*rejected-.*\.jsonl\.gz)$`
  // Profiles beside the ledger hold the least, the greatest and the most frequent values of published rows.
  const profiles = String.raw`/day_partition=[-0-9]+/(.*/profile-.*|profile-.*|manifest)\.json\.gz(/[^/]*)?$`
  const allowed = new RegExp(`${records}|${profiles}|^feature-code\\.log$`)
  expect(places.filter((path) => !allowed.test(path))).toEqual([])
  expect(places).toContain('feature-code.log')
  expect(places.filter((path) => path.startsWith('s3/data/rejected/')).length).toBeGreaterThan(0)
  expect(log.filter((text) => text.includes(SECRET))).toEqual([])
  expect(JSON.stringify(ended)).not.toContain(SECRET)
})

test('rejects keep their messages', () => {
  const rejects = textsBelow(pipeline.home)
    .filter(([path]) => path.includes('rejected-'))
    .flatMap(([, text]) => text.trimEnd().split('\n'))
    .map((text) => JSON.parse(text) as { reason: string; message: string })
  const messages = (reason: string) =>
    rejects.filter((reject) => reject.reason === reason).map(({ message }) => message)
  expect(messages('extract-error')).toContain(`${SECRET}: ${SECRET}`)
  expect(messages('extract-error')).toContain(`threw ${SECRET}`)
  expect(messages('invalid-row')).toContain(`"${SECRET}" is not one of the columns`)
  expect(messages('invalid-row')).toContain(`column "flag": expected true or false, found "${SECRET}"`)
  expect(messages('invalid-json').join()).toContain(SECRET)
})

test('causes tell reason, place, column and kinds', () => {
  expect(causeOf('not JSON')).toMatch(/4 for invalid-json, the first at [^ ]*:1: text that is not JSON\./)
  expect(causeOf('wrong kinds')).toMatch(/the first at [^ ]*:1: column "whole": .*, found a string\./)
  expect(causeOf('throws')).toMatch(/the first at [^ ]*:1: Error, caused by Error at talkative\.ts:\d+:\d+\./)
  expect(causeOf('unreadable')).toContain('text that is not JSON: JSON Lines are expected')
  expect(causeOf('throws late')).toMatch(
    /^The job: expected it to end by itself, found Error, caused by Error at talkative\.ts:\d+:\d+\. Its message may/,
  )
  expect(causeOf('dies')).toMatch(
    /2 died near line \d+: Error, caused by Error at talkative\.ts:\d+:\d+\. Look at what extract does/,
  )
})

test('of what was printed the log of the job has the number of lines', () => {
  const [, text] = textsBelow(join(pipeline.home, 'sagemaker')).find(
    ([path, output]) =>
      path.endsWith('output.log') && output.includes('"message":"printed"') && output.includes('"staged"'),
  )!
  expect(text).toMatch(/\{"message":"printed","lines":\d+\}/)
})
