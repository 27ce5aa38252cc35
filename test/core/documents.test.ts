import { randomUUID } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { decodeAttempt, encodeAttempt } from '../../core/attempt.ts'
import { orCorrupt } from '../../core/documents.ts'
import { DayfoldError } from '../../core/errors.ts'
import { decodeReport, encodeReport } from '../../core/job-report.ts'
import {
  checkCounts,
  decodeManifestMetadata,
  manifestMetadata,
  unreadCounts,
} from '../../core/manifest-metadata.ts'
import { decodeItems, decodeProgress, decodeSummary } from '../../core/run-documents.ts'
import { replacementPrefix } from '../../core/layout.ts'
import {
  decodeManifest,
  EMPTY_MANIFEST,
  encodeManifest,
  type FormerIntent,
  type Manifest,
} from '../../core/manifest.ts'
import { decodeWorkOrder, encodeWorkOrder, keyOfWorkOrder } from '../../core/work-order.ts'
import { formerDocument, formerManifest } from '../support/former-documents.ts'

const jsonOf = (bytes: Uint8Array, name: string) =>
  (name.endsWith('.gz') ? gunzipSync(bytes) : Buffer.from(bytes)).toString('utf8')

function problemOf(work: () => unknown): DayfoldError {
  try {
    work()
  } catch (error) {
    if (error instanceof DayfoldError) return error
    throw error
  }
  throw new Error('expected a DayfoldError, nothing was thrown')
}

interface Codec {
  readonly file: string
  readonly name: string
  /** Decodes and encodes again. */
  readonly again: (bytes: Uint8Array, key: string) => Uint8Array
  readonly saysVersion: boolean
  /** @default 1 */
  readonly version?: number
  /** Changes a document of 0.1.0 to the form in which it is written today. @default the same, to the byte */
  readonly today?: (value: Record<string, unknown>) => Record<string, unknown>
  /** A field that every document has. */
  readonly field: string
  readonly remedy: RegExp
}

const order = (bytes: Uint8Array, key: string) => encodeWorkOrder(decodeWorkOrder(bytes, key))
const report = (bytes: Uint8Array, key: string) => encodeReport(decodeReport(bytes, key))
const manifest = (bytes: Uint8Array, key: string) => encodeManifest(decodeManifest(bytes, key))
const attempt = (bytes: Uint8Array, key: string) => encodeAttempt(decodeAttempt(bytes, key))
const runAgain = /Run the day again\.$/

const codecs: readonly Codec[] = [
  {
    file: 'work-order.json.gz',
    name: 'a work order',
    again: order,
    saysVersion: true,
    field: 'inputs',
    remedy: runAgain,
  },
  {
    file: 'report.json.gz',
    name: 'a job report',
    again: report,
    saysVersion: true,
    field: 'totals',
    remedy: runAgain,
  },
  {
    file: 'manifest.json.gz',
    name: 'a manifest',
    again: manifest,
    saysVersion: false,
    version: 2,
    today: (value) => ({ version: 2, ...value }),
    field: 'intent',
    remedy: /Rebuild the day/,
  },
  {
    file: 'manifest-with-intent.json.gz',
    name: 'a manifest',
    again: manifest,
    saysVersion: false,
    version: 2,
    today: ({ intent, ...value }) => ({
      version: 2,
      ...value,
      intent: {
        ...(intent as FormerIntent),
        operation: 'former',
        holder: (intent as FormerIntent).next.execution,
      },
    }),
    field: 'published',
    remedy: /Rebuild the day/,
  },
  {
    file: 'attempt.json',
    name: 'an attempt',
    again: attempt,
    saysVersion: false,
    field: 'token',
    remedy: /It counts as failed/,
  },
]

describe.each(codecs)('$file', (codec) => {
  const { file, name, again, saysVersion, version: newest = 1, today = (same) => same, field, remedy } = codec
  const key = `state/of/${file}`
  const value = JSON.parse(jsonOf(formerDocument(file), file)) as Record<string, unknown>
  const encoded = (changed: unknown) => {
    const json = JSON.stringify(changed)
    return file.endsWith('.gz') ? gzipSync(json) : Buffer.from(json)
  }

  it(`of release 0.1.0 is read, and written as ${newest === 1 ? 'that release did, to the byte' : 'today'}`, () => {
    const written = jsonOf(again(formerDocument(file), key), file)
    if (codec.today) expect(JSON.parse(written)).toEqual(today(value))
    else expect(written).toBe(jsonOf(formerDocument(file), file))
    expect(jsonOf(again(encoded(JSON.parse(written)), key), file)).toBe(written)
  })

  it('keeps what it does not know of', () => {
    const more = { ...value, remark: 'by a later release of this version' }
    expect(JSON.parse(jsonOf(again(encoded(more), key), file))).toEqual(today(more))
  })

  it('of a newer version is refused by its key, and says which release to deploy', () => {
    const { code, message, context } = problemOf(() => again(encoded({ ...value, version: newest + 1 }), key))
    expect(code).toBe('CorruptState')
    expect(message).toBe(
      `${key}: expected ${name} of version ${newest}, found version ${newest + 1}. ` +
        'A newer release of Dayfold made it: deploy that release or a newer one.',
    )
    expect(context).toEqual({ key })
  })

  it.each([['"1"'], ['null'], ['0']])('of version %s is refused', (version) => {
    const changed = { ...value, version: JSON.parse(version) as unknown }
    const { code, message } = problemOf(() => again(encoded(changed), key))
    expect(code).toBe('CorruptState')
    expect(message).toContain(`${key}: expected ${name} of version ${newest}, found version ${version}. `)
    expect(message).toMatch(remedy)
  })

  it(saysVersion ? 'that says no version is refused' : 'that says its version is kept as it is', () => {
    if (!saysVersion) {
      const said = { ...today(value), version: newest }
      expect(JSON.parse(jsonOf(again(encoded(said), key), file))).toEqual(said)
    } else {
      expect(problemOf(() => again(encoded({ ...value, version: undefined }), key)).message).toContain(
        'of version 1, found no version. ',
      )
    }
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('<Error>')],
    ['half of it', formerDocument(file).subarray(0, formerDocument(file).length / 2)],
    ['a list', encoded([value])],
    ['null', encoded(null)],
    ['a document without a field', encoded({ ...value, [field]: undefined })],
    ['a document with a field of another type', encoded({ ...value, [field]: 7 })],
  ])('that holds %s is refused by its key, with what to do', (_, bytes) => {
    const { code, message } = problemOf(() => again(bytes, key))
    expect(code).toBe('CorruptState')
    expect(message.startsWith(`${key}: expected ${name}`)).toBe(true)
    expect(message).toMatch(/, found .+\. /)
    expect(message).toMatch(remedy)
  })
})

describe('a manifest’s metadata', () => {
  it('follow from the manifest, as release 0.1.0 wrote them', () => {
    const { published, intent } = formerManifest()
    const metadata = JSON.parse(formerDocument('manifest-metadata.json').toString('utf8')) as Record<
      string,
      string
    >
    expect(manifestMetadata({ published, intent })).toMatchObject(metadata)
    // No value is made up for facts that 0.1.0 did not record: ETags and places of parts, unread objects, and the
    // engine.
    const unsaid = {
      ...{ dropped: '', parts: '', location: '', away: 'no', unread: '', 'unread-first': '' },
      ...{ checks: '', engine: '' },
    }
    expect(decodeManifestMetadata(metadata)).toEqual({ ...metadata, ...unsaid })
  })

  it('say nothing of a day of which nothing is published', () => {
    expect(manifestMetadata(EMPTY_MANIFEST)).toEqual({
      ...{ generation: '0', intent: 'no', away: 'no', 'small-parts': '0' },
      ...{ rows: '0', files: '0', rejected: '0', inputs: '', 'feature-version': '', attempt: '', parts: '' },
      ...{
        location: '',
        unread: '',
        'unread-first': '',
        engine: '',
        checks: '',
        dropped: '',
        'published-at': '',
      },
    })
  })

  it('say that a day is away until it lies in its home and has left no other folder', () => {
    const { published } = formerManifest()
    const location = replacementPrefix(published!.dataset, published!.date, 2, 'token')
    const retired = [{}] as unknown as Manifest['retired'] & object
    const away = (manifest: Partial<Manifest>) =>
      manifestMetadata({ published, intent: null, ...manifest }).away
    expect(away({})).toBe('no')
    expect(away({ retired: [] })).toBe('no')
    expect(away({ retired })).toBe('yes')
    expect(away({ published: { ...published!, location } })).toBe('yes')
    expect(away({ published: null })).toBe('no')
    expect(away({ published: null, retired })).toBe('yes')
  })

  it('count the checks by their state', () => {
    const { published } = formerManifest()
    const states = ['passed', 'failed', 'passed', 'unknown', 'passed', 'failed'] as const
    const checks = states.map((state) => ({
      ...{ check: 'rows', otherwise: 'warn' as const, state, expected: '', found: '' },
    }))
    const metadata = manifestMetadata({ published: { ...published!, checks }, intent: null })
    expect(metadata.checks).toBe('3 2 1')
    expect(checkCounts(metadata)).toEqual({ passed: 3, failed: 2, unknown: 1 })
    expect(checkCounts(decodeManifestMetadata({ checks: '10 20 30' }))).toEqual({
      ...{ passed: 10, failed: 20, unknown: 30 },
    })
  })

  it.each(['', '1 2', '1 2 3 4', '1 2 x', 'x1 2 3', '1  2 3', '-1 2 3'])(
    'that say "%s" of checks say nothing',
    (checks) => {
      expect(checkCounts(decodeManifestMetadata({ checks }))).toBeUndefined()
    },
  )

  it('say that an intent is open', () => {
    const opened = formerManifest('manifest-with-intent.json.gz')
    expect(manifestMetadata(opened).intent).toBe('yes')
  })

  it('tell how many objects were not read and by which engine the others were, however long their keys are', () => {
    const { published } = formerManifest()
    const many = { count: 1e9, bytes: 1e15, first: 'é'.repeat(512), why: 'é'.repeat(512) }
    const unread = { hidden: many, 'not-data': many, excluded: many, unreadable: many }
    const metadata = manifestMetadata({ published: { ...published!, unread, engine: '2' }, intent: null })
    expect(unreadCounts(metadata)).toEqual({ hidden: 1e9, 'not-data': 1e9, excluded: 1e9, unreadable: 1e9 })
    expect(metadata.engine).toBe('2')
    const none = manifestMetadata({ published: { ...published!, unread: {} }, intent: null })
    expect(unreadCounts(none)).toEqual({ hidden: 0, 'not-data': 0, excluded: 0, unreadable: 0 })
    // S3 counts names and values, and takes 2 KB of them; the location holds the name of a table.
    const size = Object.entries<string>({ ...metadata }).reduce(
      (sum, [name, value]) => sum + name.length + Buffer.byteLength(value),
      0,
    )
    expect(size).toBeLessThan(1024)
  })

  it.each(['', 'none', '1 x', '-1 0', '1,2'])('that say "%s" of what was not read say nothing', (unread) => {
    expect(unreadCounts(decodeManifestMetadata({ unread }))).toBeUndefined()
  })

  it('that are missing claim nothing: an intent may be open', () => {
    expect(decodeManifestMetadata({})).toMatchObject({ generation: '0', attempt: '', intent: 'yes' })
  })
})

describe('a work order', () => {
  it('lies where its attempt says', () => {
    const of = decodeWorkOrder(formerDocument('work-order.json.gz'), 'order')
    const key = keyOfWorkOrder(of)
    expect(key).toBe(`runs/${of.execution.name}/orders/jobs/2024-05-08/${of.attempt}.json.gz`)
  })

  // https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AppSpecification.html
  it('has a key that an argument of a job holds, however long its names are', () => {
    const of = decodeWorkOrder(formerDocument('work-order.json.gz'), 'order')
    const execution = { ...of.execution, name: 'e'.repeat(80) }
    const key = keyOfWorkOrder({ ...of, execution, dataset: 'd'.repeat(64), attempt: randomUUID() })
    expect(key.length).toBeLessThanOrEqual(256)
  })
})

it('a manifest of today keeps the operation of its intent', () => {
  const opened = formerManifest('manifest-with-intent.json.gz')
  const written = { ...opened, intent: { operation: 'publish', holder: 'arn' } } as unknown as Manifest
  expect(decodeManifest(encodeManifest(written), 'manifest')).toEqual(written)
})

describe('documents of an execution', () => {
  const item = { dataset: 'jobs', date: '2024-01-02' }
  const bytes = (value: unknown) => Buffer.from(JSON.stringify(value))

  it('are lists of documents where they tell of many days', () => {
    expect(decodeItems(bytes([item, item]), 'items.json')).toEqual([item, item])
    expect(decodeItems(bytes([]), 'items.json')).toEqual([])
  })

  it.each([
    ['{}', 'a list, each a dataset-day, found object'],
    ['null', 'a list, each a dataset-day, found null'],
    ['[{"dataset":"jobs"}]', 'a dataset-day with "date" as string, found nothing there'],
    ['[null]', 'a dataset-day, found null'],
    ['[{"version":2,"dataset":"jobs","date":"2024-01-02"}]', 'a dataset-day of version 1, found version 2'],
  ])('that hold %s are refused by their key', (text, found) => {
    const { code, message } = problemOf(() => decodeItems(Buffer.from(text), 'items.json'))
    expect(code).toBe('CorruptState')
    expect(message).toContain(`items.json: expected ${found}.`)
  })
})

const SUMMARY_REMEDY = 'What became of the days stands in their ledger: dayfold status tells it.'
const PROGRESS_REMEDY = 'The job goes on, and writes it again.'
const SUMMARY = { execution: {}, dryRun: false, mode: 'changed', counts: {}, days: [] }
const PROGRESS = {
  ...{ dataset: 'jobs', date: '2024-01-02', phase: 'reading', files: {}, records: 1, rows: 1 },
  ...{ rejected: 0, bytes: {}, at: '2024-01-02T00:00:00Z' },
}

it.each([
  ['summary', decodeSummary, SUMMARY, 'a summary', 'runs/x/summary.json', SUMMARY_REMEDY],
  [
    'progress',
    decodeProgress,
    PROGRESS,
    'the progress of a job',
    'runs/x/progress/jobs/2024-01-02.json',
    PROGRESS_REMEDY,
  ],
] as const)('a %s has all of its fields, or is refused', (_, decode, value, name, key, remedy) => {
  const decoded = (changed: unknown) => decode(Buffer.from(JSON.stringify(changed)), key)
  expect(decoded(value)).toEqual(value)
  for (const [field, found] of Object.entries(value)) {
    const type = Array.isArray(found) ? 'list' : typeof found
    const message = (other: string) =>
      `${key}: expected ${name} with "${field}" as ${type}, found ${other} there. ${remedy}`
    expect(problemOf(() => decoded({ ...value, [field]: undefined })).message).toBe(message('nothing'))
    expect(problemOf(() => decoded({ ...value, [field]: null })).message).toBe(message('null'))
  }
  // Its key may name a day, but no execution for that day mends it.
  const { message } = problemOf(() => decode(Buffer.from('Jane'), key))
  expect(message).toBe(
    `${key}: expected ${name} in JSON, found something else (text that is not JSON). ${remedy}`,
  )
})

it('a list of the days of an execution that cannot be read asks to start the execution again', () => {
  const { message } = problemOf(() => decodeItems(Buffer.from('{}'), 'runs/x/items.json'))
  expect(message).toMatch(/found object\. Start the execution again\.$/)
})

describe('what cannot be read', () => {
  it('is given in place of the document, so that others are read', async () => {
    expect(await orCorrupt(() => decodeAttempt(formerDocument('attempt.json'), 'key'))).toMatchObject({
      kind: 'extend',
    })
    expect(await orCorrupt(() => decodeAttempt(Buffer.from('{'), 'key'))).toMatchObject({
      code: 'CorruptState',
    })
  })

  it('is told apart from what goes wrong otherwise', async () => {
    await expect(orCorrupt(() => Promise.reject(new Error('no network')))).rejects.toThrow('no network')
  })
})

it.each([
  ['state/jobs/day_partition=2024-05-07/manifest.json.gz', manifest, 'rebuild'],
  ['state/jobs/day_partition=2024-05-07/attempt.json', attempt, 'failed'],
  ['staging/jobs/day_partition=2024-05-07/token/report.json.gz', report, 'failed'],
  ['runs/run-1/orders/jobs/2024-05-07/token.json.gz', order, 'failed'],
])('what mends %s is said as the whole input of an execution', (key, decode, mode) => {
  const { message } = problemOf(() => decode(Buffer.from('{'), key))
  expect(message).toContain(
    `The input for that: {"from":"2024-05-07","to":"2024-05-07","datasets":["jobs"],"mode":"${mode}"}`,
  )
})
