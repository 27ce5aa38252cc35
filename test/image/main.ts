/**
 * Builds the image of the processing job for real, with buildah, and runs the program inside it against a local S3: from
 * the same work orders it must make the same bytes as a local run of all days, and as `try`. Not part of `npm test`:
 * needs root, buildah, debootstrap, the registry of npm packages and Debian's archive.
 *
 *     npx tsx test/image/main.ts [REGISTRY DATASET RAW]
 *     npx tsx test/image/main.ts examples/onnx/index.ts click_chances samples/raw/impressions
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { startEndpoint } from '@dayfold/local-aws/endpoint'
import { homePaths } from '@dayfold/local-aws/home'
import { s3Service } from '@dayfold/local-aws/s3'
import { openSandbox } from '../../bin/sandbox/run-sandbox.ts'
import { manifestKey } from '../../core/layout.ts'
import { decodeManifest, type StoredFile } from '../../core/manifest.ts'
import { decodeWorkOrder, encodeWorkOrder, type WorkOrder } from '../../core/work-order.ts'
import { DEFAULT_REGISTRY, PROJECT_ROOT } from '../../lib/bundle/options.ts'
import { buildImage } from './build-image.ts'

const [registry = DEFAULT_REGISTRY, dataset = 'jobs', folder = join(PROJECT_ROOT, 'samples/raw', dataset)] =
  process.argv.slice(2)
const raw = resolve(folder)
const say = (line: string) => process.stdout.write(`${line}\n`)

const home = mkdtempSync(join(tmpdir(), 'dayfold-image-'))
const paths = homePaths(home)
const object = (key: string) => paths.object('data', key)

const image = await buildImage(registry, say)
const sandbox = await openSandbox({ registry, note: say })
try {
  say('running all days on this machine')
  const orders = await runLocally()
  const endpoint = await startEndpoint({
    services: [
      s3Service({
        ...{ root: paths.s3, metaRoot: paths.s3Meta },
        mounts: [{ bucket: 'raw', prefix: dataset, dir: raw }],
      }),
    ],
  })
  const environment = {
    AWS_REGION: 'us-east-1',
    DATA_BUCKET: 'data',
    AWS_ENDPOINT_URL: endpoint.url,
    AWS_ACCESS_KEY_ID: 'image',
    AWS_SECRET_ACCESS_KEY: 'secret',
  }
  for (const order of orders) {
    const staged = await runInside(order, environment)
    const { parts, rejects, totals } = publishedOf(order)
    const there = (files: readonly StoredFile[]) => files.map(({ key }) => readFileSync(object(key)))
    check(order, 'image', [...staged('parts'), ...staged('rejected')], there([...parts, ...rejects]))
    check(order, 'try', await tried(order), there(parts))
    say(`${order.date}: the same ${totals.rows} rows in the image, on this machine and in try, byte for byte`)
  }
  await endpoint.close()
} finally {
  sandbox.close()
  await image.close()
  rmSync(home, { recursive: true })
}

/** Runs all days of the raw folder and returns the work orders of its jobs. */
async function runLocally(): Promise<WorkOrder[]> {
  const days = (readdirSync(raw, { recursive: true }) as string[])
    .map((path) => path.slice(0, 10).replaceAll('/', '-'))
    .filter((path) => /^\d{4}-\d\d-\d\d$/.test(path))
    .sort()
  const range = ['--from', days[0]!, '--to', days.at(-1)!, '--dataset', dataset]
  const args = ['run', '--json', ...range, '--home', home, '--raw', raw, '--datasets', registry]
  const command = ['--import', 'tsx', join(PROJECT_ROOT, 'bin/dayfold.ts'), ...args]
  await promisify(execFile)(process.execPath, command, { maxBuffer: 2 ** 26 })
  return (readdirSync(object('runs'), { recursive: true }) as string[])
    .filter((path) => path.split('/')[1] === 'orders' && path.endsWith('.json.gz'))
    .map((path) => decodeWorkOrder(readFileSync(join(object('runs'), path)), path))
    .sort((one, other) => (one.date < other.date ? -1 : 1))
}

/** Runs a work order inside the image. The result returns its staged files below a folder, in order. */
async function runInside(
  order: WorkOrder,
  environment: Readonly<Record<string, string>>,
): Promise<(name: string) => Buffer[]> {
  const staging = `staging/image/${order.date}/`
  const key = `runs/image-${order.date}`
  writeFileSync(object(key), encodeWorkOrder({ ...order, staging }))
  await image.run(environment, ['--work-order', key, '--feature-version', order.featureVersion])
  return (name) => filesBelow(join(object(staging), name))
}

function publishedOf({ date }: WorkOrder) {
  const key = manifestKey(dataset, date)
  return decodeManifest(readFileSync(object(key)), key).published!
}

/** Returns the parts that `try` makes of the raw files of an order. */
async function tried({ inputs }: WorkOrder): Promise<Buffer[]> {
  const files = inputs.map(({ key, etag, size }) => ({
    ...{ key: basename(key), etag, size },
    path: join(raw, key.slice(dataset.length + 1)),
  }))
  return filesBelow((await sandbox.run(dataset, files)).parts)
}

function filesBelow(path: string): Buffer[] {
  const entries = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isFile())
  return entries.map(({ name }) => readFileSync(join(path, name)))
}

function check({ date }: WorkOrder, where: string, found: readonly Buffer[], expected: readonly Buffer[]) {
  const isSame =
    found.length === expected.length && found.every((bytes, index) => bytes.equals(expected[index]!))
  if (!isSame || found.length === 0)
    throw new Error(`${date}: expected of ${where} the bytes that the local run has published, found others.`)
}
