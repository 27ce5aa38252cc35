import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { AwsError } from '../../protocol/aws-error.ts'
import type { ChecksumAlgorithm, StoredChecksum } from './checksums.ts'
import type { TempFiles } from './temp-files.ts'

/** A part that has arrived whole. */
export interface UploadedPart {
  readonly path: string
  /** Size in bytes. */
  readonly size: number
  /** MD5 in hexadecimal. */
  readonly etag: string
  readonly checksum: StoredChecksum | undefined
}

/** A multipart upload in progress. It ends with the process, as if a lifecycle rule of S3 had aborted it. */
export interface Upload {
  readonly id: string
  readonly bucket: string
  readonly key: string
  readonly headers: Readonly<Record<string, string>>
  readonly algorithm: ChecksumAlgorithm | undefined
  readonly checksumType: 'FULL_OBJECT' | 'COMPOSITE'
  readonly dir: string
  /** Parts by number, from 1. */
  readonly parts: Map<number, UploadedPart>
}

/** Multipart uploads of this process. */
export interface Uploads {
  create(upload: Omit<Upload, 'id' | 'dir' | 'parts'>): Upload
  /**
   * Finds the upload that a request names.
   *
   * @throws AwsError NoSuchUpload if there is none, or it is for another key
   */
  find(named: {
    readonly UploadId: string | undefined
    readonly Bucket: string
    readonly Key: string
  }): Upload
  /** Deletes an upload and its parts. */
  remove(upload: Upload): void
}

/** Creates a set of uploads whose parts lie in folders of `temp`. */
export function createUploads(temp: TempFiles): Uploads {
  const uploads = new Map<string, Upload>()
  return {
    create(upload) {
      const id = randomBytes(16).toString('hex')
      const created: Upload = { ...upload, id, dir: join(temp.dir, `upload-${id}`), parts: new Map() }
      mkdirSync(created.dir)
      uploads.set(id, created)
      return created
    },
    find({ UploadId = '', Bucket, Key }) {
      const upload = uploads.get(UploadId)
      if (upload?.bucket === Bucket && upload.key === Key) return upload
      throw new AwsError(
        'NoSuchUpload',
        'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
        404,
      )
    },
    remove(upload) {
      uploads.delete(upload.id)
      rmSync(upload.dir, { recursive: true, force: true })
    },
  }
}
