/** Returns `s3://bucket/key`. */
export const s3Uri = (bucket: string, key: string) => `s3://${bucket}/${key}`

/** Splits `s3://bucket/key`; undefined for any other text. */
export function parseS3Uri(uri: string): { bucket: string; key: string } | undefined {
  const match = /^s3:\/\/([^/]+)\/(.*)$/s.exec(uri)
  return match ? { bucket: match[1]!, key: match[2]! } : undefined
}
