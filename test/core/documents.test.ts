import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { decodeAttempt, encodeAttempt } from '../../core/attempt.ts'
import { decodeJson } from '../../core/documents.ts'
import { DayfoldError } from '../../core/errors.ts'
import { decodeReport, encodeReport } from '../../core/job-report.ts'
import { decodeManifestMetadata, manifestMetadata } from '../../core/manifest-metadata.ts'
import { decodeManifest, encodeManifest } from '../../core/manifest.ts'
import { decodeWorkOrder, encodeWorkOrder, keyOfWorkOrder, locateWorkOrder } from '../../core/work-order.ts'

const SAMPLES = join(import.meta.dirname, '../fixtures/documents/0.1.0')
const sample = (name: string) => readFileSync(join(SAMPLES, name))
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
    field: 'intent',
    remedy: /Restore the last version/,
  },
  {
    file: 'manifest-with-intent.json.gz',
    name: 'a manifest',
    again: manifest,
    saysVersion: false,
    field: 'published',
    remedy: /Restore the last version/,
  },
  {
    file: 'attempt.json',
    name: 'an attempt',
    again: attempt,
    saysVersion: false,
    field: 'token',
    remedy: /Delete the object/,
  },
]

describe.each(codecs)('$file', ({ file, name, again, saysVersion, field, remedy }) => {
  const key = `state/of/${file}`
  const value = JSON.parse(jsonOf(sample(file), file)) as Record<string, unknown>
  const encoded = (changed: unknown) => {
    const json = JSON.stringify(changed)
    return file.endsWith('.gz') ? gzipSync(json) : Buffer.from(json)
  }

  it('of release 0.1.0 is read, and written as that release did, to the byte', () => {
    expect(jsonOf(again(sample(file), key), file)).toBe(jsonOf(sample(file), file))
  })

  it('keeps what it does not know of', () => {
    const more = { ...value, remark: 'by a later release of this version' }
    expect(jsonOf(again(encoded(more), key), file)).toBe(JSON.stringify(more))
  })

  it('of a newer version is refused by its key, and says which release to deploy', () => {
    const { code, message, context } = problemOf(() => again(encoded({ ...value, version: 2 }), key))
    expect(code).toBe('CorruptState')
    expect(message).toBe(
      `${key}: expected ${name} of version 1, found version 2. ` +
        'A newer release of Dayfold made it: deploy that release or a newer one.',
    )
    expect(context).toEqual({ key })
  })

  it.each([['"1"'], ['null'], ['0']])('of version %s is refused', (version) => {
    const changed = { ...value, version: JSON.parse(version) as unknown }
    const { code, message } = problemOf(() => again(encoded(changed), key))
    expect(code).toBe('CorruptState')
    expect(message).toContain(`${key}: expected ${name} of version 1, found version ${version}. `)
    expect(message).toMatch(remedy)
  })

  it(saysVersion ? 'that says no version is refused' : 'that says its version is kept as it is', () => {
    if (!saysVersion) {
      const said = { ...value, version: 1 }
      expect(jsonOf(again(encoded(said), key), file)).toBe(JSON.stringify(said))
    } else {
      expect(problemOf(() => again(encoded({ ...value, version: undefined }), key)).message).toContain(
        'of version 1, found no version. ',
      )
    }
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('<Error>')],
    ['half of it', sample(file).subarray(0, sample(file).length / 2)],
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
    const { published, intent } = decodeManifest(sample('manifest.json.gz'), 'manifest')
    const metadata = JSON.parse(sample('manifest-metadata.json').toString('utf8')) as Record<string, string>
    expect(manifestMetadata({ published, intent })).toEqual(metadata)
    expect(decodeManifestMetadata(metadata)).toEqual(metadata)
  })

  it('say that an intent is open', () => {
    const opened = decodeManifest(sample('manifest-with-intent.json.gz'), 'manifest')
    expect(manifestMetadata(opened).intent).toBe('yes')
  })

  it('that are missing claim nothing: an intent may be open', () => {
    expect(decodeManifestMetadata({})).toMatchObject({ generation: '0', attempt: '', intent: 'yes' })
  })
})

describe('a work order', () => {
  it('lies where its URI says, one for each attempt', () => {
    const of = decodeWorkOrder(sample('work-order.json.gz'), 'order')
    const key = keyOfWorkOrder(of)
    expect(key).toBe(`runs/${of.execution.name}/orders/jobs/2024-05-08/${of.attempt}.json.gz`)
    expect(locateWorkOrder(`s3://data/${key}`)).toEqual({ bucket: 'data', key })
  })

  it('is named by an s3 URI and nothing else', () => {
    expect(problemOf(() => locateWorkOrder('runs/x')).code).toBe('InvalidInput')
  })
})

it('JSON of no kind is named where it cannot be read', () => {
  expect(decodeJson(Buffer.from('[1]'), 'items.json')).toEqual([1])
  const { code, message } = problemOf(() => decodeJson(Buffer.from('[1'), 'items.json'))
  expect(code).toBe('CorruptState')
  expect(message).toMatch(/^items\.json: expected a document in JSON, found something else \(.+\)\.$/)
})
