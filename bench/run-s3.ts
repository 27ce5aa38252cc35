/**
 * The local S3 over a folder of raw files, as a process of its own: `node run-s3.mjs HOME RAW [KEY CERTIFICATE]`. With
 * files of a key and a certificate it speaks TLS. Prints its URL, and ends when its input does.
 */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startEndpoint } from '@dayfold/local-aws/endpoint'
import { s3Service } from '@dayfold/local-aws/s3'

const [home, raw, key, cert] = process.argv.slice(2) as [string, string, string?, string?]
const tls = key && cert ? { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') } : undefined
mkdirSync(join(home, 's3/raw'), { recursive: true })
mkdirSync(join(home, 's3/data'), { recursive: true })
const service = s3Service({
  root: join(home, 's3'),
  metaRoot: join(home, 's3-meta'),
  mounts: [{ bucket: 'raw', prefix: 'day/', dir: raw }],
})
const endpoint = await startEndpoint({ services: [service], ...(tls && { tls }) })
process.stdout.write(`${endpoint.url}\n`)
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
