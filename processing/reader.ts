import { parentPort, workerData } from 'node:worker_threads'
import { s3Client } from './s3/client.ts'
import { s3Source, type S3SourceSettings } from './s3/s3-source.ts'
import type { Credentials } from './s3/sign.ts'
import { startReader } from './workers/run-reader.ts'

const { bucket, ...settings } = workerData as S3SourceSettings
startReader<Credentials>(parentPort!, (credentials) =>
  s3Source(s3Client({ ...settings, credentials }), bucket),
)
