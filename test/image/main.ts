/**
 * Builds the image of the processing job for real, with buildah, and runs the program inside it against a local S3:
 * it must stage the same bytes as outside. Not part of `npm test`: needs root, buildah, debootstrap, the registry of
 * npm packages and Debian's archive.
 *
 *     npx tsx test/image/main.ts [REGISTRY DATASET RAW]
 *     npx tsx test/image/main.ts examples/onnx/index.ts click_chances samples/raw/impressions
 */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { DEPLOYMENT_FILE, deployedDataset, type Deployment } from '../../core/deployment.ts'
import { DEFAULT_FILE_LIMITS } from '../../core/file-limits.ts'
import type { RawObject } from '../../core/manifest.ts'
import { encodeWorkOrder, type WorkOrder } from '../../core/work-order.ts'
import { startEndpoint } from '@dayfold/local-aws/endpoint'
import { s3Service } from '@dayfold/local-aws/s3'
import { s3Client } from '../../processing/s3/client.ts'
import { DEFAULT_REGISTRY, PROJECT_ROOT } from '../../lib/bundle/options.ts'
import { bundleProgram } from '../../lib/bundle/program.ts'

const run = promisify(execFile)
const [registry = DEFAULT_REGISTRY, DATASET = 'jobs', RAW = join(PROJECT_ROOT, 'samples/raw', DATASET)] =
  process.argv.slice(2)
const IMAGE = 'localhost/dayfold-processing'
const BASE = 'localhost/dayfold-base'
/** Needs neither kernel modules nor a daemon, so that it works inside containers as well. */
const BUILDAH = { ...process.env, STORAGE_DRIVER: 'vfs', BUILDAH_ISOLATION: 'chroot' }

const say = (line: string) => process.stdout.write(`${line}\n`)
const buildah = (...args: string[]) => run('buildah', args, { env: BUILDAH, maxBuffer: 2 ** 26 })

const home = mkdtempSync(join(tmpdir(), 'dayfold-image-'))
const bundle = join(PROJECT_ROOT, 'build/image')
const endpoint = await startEndpoint({
  services: [s3Service({ root: join(home, 's3'), metaRoot: join(home, 's3-meta') })],
})
const environment = {
  AWS_REGION: 'us-east-1',
  DATA_BUCKET: 'data',
  AWS_ENDPOINT_URL: endpoint.url,
  AWS_ACCESS_KEY_ID: 'image',
  AWS_SECRET_ACCESS_KEY: 'secret',
}
const s3 = s3Client({
  region: environment.AWS_REGION,
  endpoint: endpoint.url,
  credentials: () => Promise.resolve({ accessKeyId: 'image', secretAccessKey: 'secret' }),
})
let container = ''

try {
  rmSync(bundle, { recursive: true, force: true })
  await bundleProgram({ outDir: bundle, registry, runsHere: true })
  say('building the base image')
  const rootfs = process.env['DAYFOLD_ROOTFS'] ?? join(tmpdir(), 'dayfold-rootfs')
  await run(fileURLToPath(new URL('build-base.sh', import.meta.url)), [BASE, rootfs], {
    env: BUILDAH,
    maxBuffer: 2 ** 26,
  })
  say('building the image')
  await buildah('bud', '--build-arg', `BASE_IMAGE=${BASE}`, '--tag', IMAGE, bundle)

  const inputs = await putRaw()
  const outside = await putOrder('outside', inputs)
  await run(process.execPath, [join(bundle, 'main.mjs'), ...outside], {
    env: { ...environment, DAYFOLD_ML_ROOT: home },
  })
  say('running the program inside the image')
  const inside = await putOrder('inside', inputs)
  container = (await buildah('from', IMAGE)).stdout.trim()
  const settings = Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`])
  const { stdout: inspected } = await buildah('inspect', '--type', 'image', IMAGE)
  const { OCIv1 } = JSON.parse(inspected) as { OCIv1: { config: { Entrypoint: string[] } } }
  await buildah('run', ...settings, container, '--', ...OCIv1.config.Entrypoint, ...inside)
  say(compare())
} finally {
  if (container) {
    await buildah('rm', container)
    await buildah('rmi', IMAGE, BASE)
  }
  await s3.close()
  await endpoint.close()
  rmSync(home, { recursive: true })
  rmSync(bundle, { recursive: true, force: true })
}

/** Puts the first sample day into the raw bucket. */
async function putRaw(): Promise<RawObject[]> {
  mkdirSync(join(home, 's3/raw'), { recursive: true })
  mkdirSync(join(home, 's3/data'), { recursive: true })
  const files = (readdirSync(RAW, { recursive: true }) as string[])
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
  const day = files[0]!.split('/').slice(0, 3).join('/')
  const inputs: RawObject[] = []
  for (const file of files.filter((name) => name.startsWith(day))) {
    const key = `${DATASET}/${file}`
    const body = readFileSync(join(RAW, file))
    await s3.put('raw', key, body)
    inputs.push({ key, etag: await etagOf(key), size: body.length })
  }
  return inputs
}

async function etagOf(key: string): Promise<string> {
  const answer = await fetch(`${endpoint.url}/raw/${key}`, {
    method: 'HEAD',
    headers: {
      authorization:
        'AWS4-HMAC-SHA256 Credential=image/20240101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0',
    },
  })
  return answer.headers.get('etag')!.replaceAll('"', '')
}

/** Puts a work order and returns the program's arguments for it. */
async function putOrder(attempt: string, inputs: readonly RawObject[]): Promise<string[]> {
  const deployment = JSON.parse(readFileSync(join(bundle, DEPLOYMENT_FILE), 'utf8')) as Deployment
  const { featureVersion } = deployedDataset(deployment, DATASET)
  const order: WorkOrder = {
    kind: 'rebuild',
    dataset: DATASET,
    date: '2024-01-01',
    execution: { arn: 'image', name: 'image' },
    attempt,
    why: 'image test',
    featureVersion,
    generation: 1,
    base: 0,
    rawBucket: 'raw',
    dataBucket: 'data',
    staging: `staging/${attempt}/`,
    inputs,
    parts: [],
    limits: DEFAULT_FILE_LIMITS,
    progressKey: `runs/${attempt}.json`,
    startedAt: '2024-01-02T00:00:00.000Z',
  }
  await s3.put('data', `orders/${attempt}`, encodeWorkOrder(order))
  return ['--work-order', `orders/${attempt}`, '--feature-version', featureVersion]
}

/** Checks that the same files were staged inside and outside, except for the report, which holds times. */
function compare(): string {
  const [inside, outside] = ['inside', 'outside'].map((attempt) => {
    const folder = join(home, 's3/data/staging', attempt)
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('report'))
      .map((entry) => join(entry.parentPath, entry.name))
    // Names contain the attempt.
    const nameOf = (file: string) => relative(folder, file).replace(`-${attempt}-`, '-')
    return new Map(files.map((file) => [nameOf(file), readFileSync(file)]))
  })
  const names = [...outside!.keys()]
  const differing = names.filter((name) => !inside!.get(name)?.equals(outside!.get(name)!))
  if (names.length === 0 || differing.length > 0 || inside!.size !== names.length) {
    throw new Error(
      `Image: expected the same bytes inside and outside, found others in ${differing.join(', ') || 'the list of files'}.`,
    )
  }
  const { size } = statSync(join(bundle, 'job.mjs'))
  return `the same ${names.length} files inside and outside the image: ${names.join(', ')} (job.mjs: ${size} bytes)`
}
