import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { afterAll } from 'vitest'
import { homePaths } from '../../home/paths.ts'
import { startEndpoint } from '../../protocol/endpoint.ts'
import { s3Service, type S3Options, type S3Service } from '../../s3/service.ts'

export interface TestS3 {
  readonly url: string
  readonly home: string
  readonly service: S3Service
  readonly client: S3Client
  /** Creates another client of the same endpoint. */
  connect(options?: S3ClientConfig): S3Client
  close(): Promise<void>
}

/** Creates a folder that is removed after the tests of the file. */
export function tempHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'dayfold-s3-'))
  afterAll(() => rmSync(home, { recursive: true, force: true }))
  return home
}

/** Serves an S3 with the buckets `data` and `raw` below `home`, and returns an SDK client without retries. */
export async function startS3(
  home = tempHome(),
  options: Omit<S3Options, 'root' | 'metaRoot'> = {},
): Promise<TestS3> {
  const { s3: root, s3Meta: metaRoot } = homePaths(home)
  const service = s3Service({ root, metaRoot, ...options })
  const { clock } = options
  const endpoint = await startEndpoint({ services: [service], now: clock && (() => clock.now()) })
  const connect = (overrides: S3ClientConfig = {}) =>
    new S3Client({
      endpoint: endpoint.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'TEST', secretAccessKey: 'secret' },
      maxAttempts: 1,
      ...overrides,
    })
  const client = connect()
  for (const Bucket of ['data', 'raw']) {
    await fetch(`${endpoint.url}/${Bucket}`, { method: 'PUT', headers: SIGNED })
  }
  const close = async () => {
    client.destroy()
    await endpoint.close()
  }
  afterAll(close)
  return { url: endpoint.url, home, service, client, connect, close }
}

/** Headers with which a plain HTTP client passes for a signed caller of S3. */
export const SIGNED = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=TEST/20240101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0',
}
