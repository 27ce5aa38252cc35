import type { StoredFile } from '../../core/manifest.ts'
import type { ChunkSource } from '../parquet/read-chunks.ts'
import type { S3 } from './client.ts'

/**
 * Returns published parts in a bucket as files whose row groups {@link readChunks} can read one by one. Reads nothing
 * itself.
 */
export function s3Parts(s3: S3, bucket: string, parts: readonly StoredFile[]): ChunkSource[] {
  return parts.map(({ key, bytes }) => ({
    key,
    bytes,
    read: (start, length) => s3.get({ bucket, key, start, bytes: length }),
  }))
}
