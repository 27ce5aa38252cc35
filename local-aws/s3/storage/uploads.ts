import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { AwsError } from '../../protocol/aws-error.ts'
import type { ChecksumAlgorithm, StoredChecksum } from './checksums.ts'
import type { TempFiles } from './temp-files.ts'

/** A part of a multipart upload that has arrived completely. */
export interface UploadedPart {
  /** Path of the temporary file with the part's bytes. */
  readonly path: string
  /** Size in bytes. */
  readonly size: number
  /** MD5 in hexadecimal. */
  readonly etag: string
  /** Additional checksum; undefined if the client has neither sent it nor asked for it. */
  readonly checksum: StoredChecksum | undefined
}

/** A multipart upload in progress. When the process ends, it is lost, as if a lifecycle rule of S3 had aborted it. */
export interface Upload {
  readonly id: string
  readonly bucket: string
  readonly key: string
  /** Headers to keep with the object. */
  readonly headers: Readonly<Record<string, string>>
  /** Algorithm of the checksums that the client has asked for; undefined if it has not. */
  readonly algorithm: ChecksumAlgorithm | undefined
  /** Kind of the object's checksum; of no meaning without an algorithm. */
  readonly checksumType: 'FULL_OBJECT' | 'COMPOSITE'
  /** Folder of the parts. */
  readonly dir: string
  /** Parts that have arrived, by number, from 1 to 10,000. */
  readonly parts: Map<number, UploadedPart>
}

/** The multipart uploads in progress, all of this process. */
export interface Uploads {
  /** Begins an upload: gives it an id and creates its folder. */
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
  /** Forgets an upload and deletes its parts. */
  remove(upload: Upload): void
}

/** Creates an empty set of uploads. Parts are stored in folders of `temp`. */
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
