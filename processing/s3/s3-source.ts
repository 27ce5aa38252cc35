import { ObjectNotRead, type Source } from '../read/source.ts'
import { S3Error, type S3, type S3Options } from './client.ts'

/** Settings for reading a bucket, as plain data that can be sent to another thread. */
export type S3SourceSettings = Omit<S3Options, 'credentials' | 'signal'> & { readonly bucket: string }

/** Returns a {@link Source} of a bucket's raw objects. An object that has changed since it was listed is not read. */
export function s3Source(s3: S3, bucket: string): Source {
  return {
    async read({ key, etag, size }, start, target) {
      try {
        await s3.read({ bucket, key, ifMatch: etag, start, bytes: target.length, size }, target)
      } catch (error) {
        throw error instanceof S3Error ? notRead(etag, error) : error
      }
    },
  }
}

/** Statuses of an object that changed since it was listed. */
const CHANGED = [404, 412, 416]

function notRead(etag: string, error: S3Error): ObjectNotRead {
  const { status, code } = error
  if (!CHANGED.includes(status))
    return new ObjectNotRead(REASONS[code] ?? `S3 answers ${status} ${code}`, { cause: error })
  const found = status === 404 ? 'it is gone' : 'there is another one'
  const message = `expected the object that was listed (ETag ${etag}), found that ${found}`
  return new ObjectNotRead(message, { isChanged: true, cause: error })
}

/**
 * Explanations of S3's error codes. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
 */
const REASONS: Readonly<Record<string, string>> = {
  AccessDenied: 'access denied: the job may not read it',
  InvalidObjectState: 'archived: restore it first',
}
