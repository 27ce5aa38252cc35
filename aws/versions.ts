import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type ObjectVersion,
} from '@aws-sdk/client-s3'
import type { Bucket } from './objects.ts'

/**
 * Yields the earlier contents of an object in a versioned bucket, the newest first, without the present one. Holds one
 * content in memory at a time.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
 */
export async function* olderContents(bucket: Bucket, key: string): AsyncGenerator<Uint8Array> {
  const { s3, name } = bucket
  for await (const { Key, VersionId, IsLatest } of versions(bucket, key)) {
    if (Key !== key || IsLatest) continue
    const answer = await s3.send(new GetObjectCommand({ Bucket: name, Key, VersionId }))
    yield await answer.Body!.transformToByteArray()
  }
}

async function* versions({ s3, name }: Bucket, key: string): AsyncGenerator<ObjectVersion> {
  let next: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {}
  while (next) {
    const page: ListObjectVersionsCommandOutput = await s3.send(
      new ListObjectVersionsCommand({ Bucket: name, Prefix: key, ...next }),
    )
    yield* page.Versions ?? []
    next = page.IsTruncated
      ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
      : undefined
  }
}
