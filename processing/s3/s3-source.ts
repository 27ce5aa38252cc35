import { DayfoldError } from '../../core/errors.ts'
import type { RawObject } from '../../core/manifest.ts'
import type { Source } from '../read/source.ts'
import { S3Error, type S3 } from './client.ts'

/** The raw objects of a bucket, each as it was listed: an object that changed since fails the job. */
export function s3Source(s3: S3, bucket: string): Source {
  return {
    async read(object, start, target) {
      const { key, etag, size } = object
      try {
        await s3.read({ bucket, key, ifMatch: etag, start, bytes: target.length, size }, target)
      } catch (error) {
        throw changed(object, error) ?? error
      }
    },
  }
}

function changed({ key, etag }: RawObject, error: unknown): DayfoldError | undefined {
  if (!(error instanceof S3Error)) return undefined
  if (![404, 412, 416].includes(error.status)) return undefined
  const found = error.status === 404 ? 'that it is gone' : 'another one'
  return new DayfoldError(
    'RawObjectChanged',
    `${key}: expected the object that was listed (ETag ${etag}), found ${found}. The next run reads what is there then.`,
    { cause: error, context: { key, etag } },
  )
}
