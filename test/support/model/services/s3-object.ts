/** An object as S3 holds it. */
export interface S3Object {
  readonly key: string
  readonly body: Buffer
  readonly etag: string
  readonly metadata: Readonly<Record<string, string>>
  readonly contentType: string | undefined
  /** Seconds since 1970. */
  readonly lastModified: number
}

/** Returns a time as the SDK gives it. */
export const dateOf = (seconds: number) => new Date(seconds * 1000)
