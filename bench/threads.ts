import { createHash } from 'node:crypto'
import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { selfSigned } from '@dayfold/local-aws/test-support/certificate'
import { stagedPartsPrefix } from '../core/layout.ts'
import { NODE_FLAGS } from '../processing/crashes/node-flags.ts'
import { generateDay } from '../test/support/generated/generate.ts'
import { buildPrograms } from './build.ts'
import { CREDENTIALS, listRaw, ORDER, putOrder, startLocalS3, workOrder } from './local-s3.ts'
import { measure } from './measure.ts'
import { OUT } from './options.ts'
import type { ThreadsRun, ThreadsSettings } from './run-threads.ts'

/** Figures of a run of the job with its S3 over TLS. */
export interface ThreadsOfRun extends ThreadsRun {
  readonly workers: number
  readonly wallSeconds: number
  /** Digest of the names and bytes of its parts. */
  readonly digest: string
}

/** Figures of all runs. */
export interface ThreadsBench {
  /** Share of the job's CPU time that the main thread took in the first run. */
  readonly mainThreadShare: number
  /** CPU milliseconds of the reading threads per object. */
  readonly cpuMillisecondsPerGet: number
  /** True if the parts have the same bytes for every number of workers. */
  readonly partsEqual: boolean
  readonly objects: number
  readonly runs: readonly ThreadsOfRun[]
}

/** Size of the day and runs of {@link benchThreads}. */
export interface ThreadsOptions {
  readonly objects: number
  /** Number of workers of each run. */
  readonly workers: readonly number[]
  readonly say: (line: string) => void
}

const DATASET = 'listings'
/** Number of different files; the objects are links to them. */
const DISTINCT = 100
/** Listings of 2.2 KB: 220 KB per file. */
const RECORDS_A_FILE = 100

/** Measures CPU time by thread for a day of small objects that are read over TLS. */
export async function benchThreads({ objects, workers, say }: ThreadsOptions): Promise<ThreadsBench> {
  const folder = await buildPrograms()
  const home = join(OUT, 'threads')
  rmSync(home, { recursive: true, force: true })
  mkdirSync(home, { recursive: true })
  const tls = writeCertificate(home)
  const { url, secureUrl, close } = await startLocalS3(folder, home, linkedDay(home, objects), tls)
  const runs: ThreadsOfRun[] = []
  try {
    const inputs = await listRaw(url)
    for (const count of workers) {
      const order = { ...workOrder(folder, DATASET, inputs), staging: `staging/${count}/` }
      await putOrder(url, order)
      const { accessKeyId } = CREDENTIALS
      const { featureVersion } = order
      const settings = { endpoint: secureUrl!, accessKeyId, workOrder: ORDER, featureVersion, workers: count }
      const args = [
        ...NODE_FLAGS,
        join(folder, 'run-threads.mjs'),
        JSON.stringify(settings satisfies ThreadsSettings),
      ]
      const parse = (text: string) => JSON.parse(text) as ThreadsRun
      const { wallSeconds, result } = await measure(args, parse, { NODE_EXTRA_CA_CERTS: tls[1] })
      const digest = digestOf(join(home, 's3/data', stagedPartsPrefix(order.staging)))
      runs.push({ ...result, workers: count, wallSeconds, digest })
      say(`${count} workers: ${wallSeconds.toFixed(1)} s`)
    }
  } finally {
    await close()
  }
  const [first] = runs
  return {
    mainThreadShare: first!.main / first!.process,
    cpuMillisecondsPerGet: (sum(first!.threads['reader'] ?? []) * 1000) / objects,
    partsEqual: runs.every(({ digest }) => digest === first!.digest),
    objects,
    runs,
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

/** Writes a key and its certificate, and returns their paths. */
function writeCertificate(home: string): [key: string, certificate: string] {
  const { key, cert } = selfSigned(new Date())
  const files: [string, string] = [join(home, 'key.pem'), join(home, 'certificate.pem')]
  writeFileSync(files[0], key, { mode: 0o600 })
  writeFileSync(files[1], cert)
  return files
}

/** Makes a folder of many objects that takes the space of few. */
function linkedDay(home: string, objects: number): string {
  const few = generateDay(join(OUT, 'input'), DATASET, DISTINCT * RECORDS_A_FILE, DISTINCT)
  const files = readdirSync(few).filter((name) => name.endsWith('.jsonl'))
  const day = join(home, 'raw')
  mkdirSync(day)
  for (let object = 0; object < objects; object++) {
    linkSync(join(few, files[object % files.length]!), join(day, `${String(object).padStart(6, '0')}.jsonl`))
  }
  return day
}

function digestOf(folder: string): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(folder).sort()) hash.update(name).update(readFileSync(join(folder, name)))
  return hash.digest('hex')
}
