import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { AwsError } from '../../protocol/aws-error.ts'
import type { ChecksumAlgorithm, StoredChecksum } from './checksums.ts'
import type { TempFiles } from './temp-files.ts'

/** A part that has arrived. */
export interface UploadedPart {
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** MD5, hexadecimal. */
  readonly etag: string
  readonly checksum: StoredChecksum | undefined
}

/** A multipart upload in progress. It ends with the process, as one that S3 aborts by a lifecycle rule. */
export interface Upload {
  readonly id: string
  readonly bucket: string
  readonly key: string
  readonly headers: Readonly<Record<string, string>>
  readonly algorithm: ChecksumAlgorithm | undefined
  readonly checksumType: 'FULL_OBJECT' | 'COMPOSITE'
  readonly dir: string
  /** By number, from 1. */
  readonly parts: Map<number, UploadedPart>
}

export interface Uploads {
  create(upload: Omit<Upload, 'id' | 'dir' | 'parts'>): Upload
  /**
   * The upload that a request names.
   *
   * @throws AwsError NoSuchUpload
   */
  find(named: {
    readonly UploadId: string | undefined
    readonly Bucket: string
    readonly Key: string
  }): Upload
  /** Forgets an upload and its parts. */
  remove(upload: Upload): void
}

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
