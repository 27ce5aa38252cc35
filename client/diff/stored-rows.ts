import { GetObjectCommand } from '@aws-sdk/client-s3'
import { parquetMetadataAsync } from 'hyparquet'
import type { Bucket } from '../../aws/objects.ts'
import type { StoredFile } from '../../core/manifest.ts'
import { readRowGroups, type ParquetFile } from '../parquet-file.ts'
import type { FeatureRow } from './match-rows.ts'

/** Opens a published Parquet file in S3 for reading. Holds its footer in memory; each later read is a request. */
export async function openPart(bucket: Bucket, { key, bytes }: StoredFile): Promise<ParquetFile> {
  const buffer = {
    byteLength: bytes,
    slice: async (start: number, end = bytes): Promise<ArrayBuffer> => {
      const Range = `bytes=${start}-${end - 1}`
      const answer = await bucket.s3.send(new GetObjectCommand({ Bucket: bucket.name, Key: key, Range }))
      const body = await answer.Body!.transformToByteArray()
      return body.buffer.slice(body.byteOffset, body.byteOffset + body.byteLength) as ArrayBuffer
    },
  }
  return { path: key, buffer, metadata: await parquetMetadataAsync(buffer) }
}

/** Reads all rows of Parquet files into memory, in their order. */
export async function rowsOf(files: readonly ParquetFile[]): Promise<FeatureRow[]> {
  const rows: FeatureRow[] = []
  for (const file of files) {
    for await (const group of readRowGroups(file)) {
      for (const row of group) rows.push(row)
    }
  }
  return rows
}
