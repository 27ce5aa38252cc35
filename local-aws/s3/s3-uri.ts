/** Returns the URI `s3://bucket/key` of an object. The key is not encoded. */
export const s3Uri = (bucket: string, key: string) => `s3://${bucket}/${key}`

/**
 * Splits an S3 URI, `s3://bucket/key`, whose key may be empty; undefined for any other text, also for one without a
 * slash after the bucket.
 */
export function parseS3Uri(uri: string): { bucket: string; key: string } | undefined {
  const match = /^s3:\/\/([^/]+)\/(.*)$/s.exec(uri)
  return match ? { bucket: match[1]!, key: match[2]! } : undefined
}
