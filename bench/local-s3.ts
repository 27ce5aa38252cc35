import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { S3Client, paginateListObjectsV2 } from '@aws-sdk/client-s3'
import { deployedDataset, DEPLOYMENT_FILE, type Deployment } from '../core/deployment.ts'
import { DEFAULT_FILE_LIMITS } from '../core/file-limits.ts'
import type { RawObject } from '../core/manifest.ts'
import { encodeWorkOrder, type WorkOrder } from '../core/work-order.ts'
import { s3Client } from '../processing/s3/client.ts'

/** Credentials that the bench's clients send to the local S3. */
export const CREDENTIALS = { accessKeyId: 'BENCH', secretAccessKey: 'secret' }

/** The local S3, running in a process of its own. */
export interface LocalS3 {
  readonly url: string
  /** URL with TLS, if it has a certificate. */
  readonly secureUrl: string | undefined
  readonly close: () => Promise<void>
}

/**
 * Serves a folder of raw files, and an empty bucket in `home/s3/data`.
 *
 * @param folder folder of the bundled programs
 * @param tls paths of a key and its certificate
 */
export async function startLocalS3(
  folder: string,
  home: string,
  raw: string,
  tls: readonly string[] = [],
): Promise<LocalS3> {
  for (const name of ['s3', 's3-meta']) rmSync(join(home, name), { recursive: true, force: true })
  const server = spawn(process.execPath, [join(folder, 'run-s3.mjs'), home, raw, ...tls], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [line] = (await once(server.stdout, 'data')) as [Buffer]
  const [url, secureUrl] = JSON.parse(line.toString()) as [string, string?]
  const close = async () => {
    server.stdin.end()
    await once(server, 'close')
  }
  return { url, secureUrl, close }
}

/** Lists the raw objects of the day. */
export async function listRaw(endpoint: string): Promise<RawObject[]> {
  const client = new S3Client({ endpoint, region: 'us-east-1', credentials: CREDENTIALS })
  const inputs: RawObject[] = []
  for await (const page of paginateListObjectsV2({ client }, { Bucket: 'raw', Prefix: 'day/' })) {
    for (const { Key, ETag, Size } of page.Contents ?? []) {
      if (Key!.endsWith('.jsonl')) inputs.push({ key: Key!, etag: ETag!.replaceAll('"', ''), size: Size! })
    }
  }
  client.destroy()
  return inputs
}

/** Makes a work order to rebuild the day of a dataset. */
export function workOrder(folder: string, dataset: string, inputs: readonly RawObject[]): WorkOrder {
  const deployment = JSON.parse(readFileSync(join(folder, DEPLOYMENT_FILE), 'utf8')) as Deployment
  return {
    kind: 'rebuild',
    dataset,
    date: '2024-01-01',
    execution: { arn: 'bench', name: 'bench' },
    attempt: 'bench',
    why: 'bench',
    featureVersion: deployedDataset(deployment, dataset).featureVersion,
    generation: 1,
    base: 0,
    rawBucket: 'raw',
    dataBucket: 'data',
    staging: 'staging/bench/',
    inputs,
    parts: [],
    limits: DEFAULT_FILE_LIMITS,
    progressKey: 'progress',
    startedAt: new Date().toISOString(),
  }
}

/** Key of the work order that {@link putOrder} writes to the bucket `data`. */
export const ORDER = 'order'

/** Writes a work order to the local S3. */
export async function putOrder(endpoint: string, order: WorkOrder): Promise<void> {
  const credentials = () => Promise.resolve(CREDENTIALS)
  const s3 = s3Client({ region: 'us-east-1', endpoint, credentials })
  await s3.put('data', ORDER, encodeWorkOrder(order))
  await s3.close()
}
