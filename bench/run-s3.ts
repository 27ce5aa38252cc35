/**
 * Serves the local S3 over a folder of raw files, in a process of its own: `node run-s3.mjs HOME RAW [KEY
 * CERTIFICATE]`. Prints the JSON of its URLs; with files of a key and a certificate the second one uses TLS. Ends when
 * its input does.
 */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startEndpoint } from '@dayfold/local-aws/endpoint'
import { s3Service } from '@dayfold/local-aws/s3'

const [home, raw, key, cert] = process.argv.slice(2) as [string, string, string?, string?]
const text = (file: string) => readFileSync(file, 'utf8')
mkdirSync(join(home, 's3/raw'), { recursive: true })
mkdirSync(join(home, 's3/data'), { recursive: true })
const service = s3Service({
  root: join(home, 's3'),
  metaRoot: join(home, 's3-meta'),
  mounts: [{ bucket: 'raw', prefix: 'day/', dir: raw }],
})
const services = [service]
const endpoints = [await startEndpoint({ services })]
if (key && cert) endpoints.push(await startEndpoint({ services, tls: { key: text(key), cert: text(cert) } }))
process.stdout.write(`${JSON.stringify(endpoints.map(({ url }) => url))}\n`)
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
