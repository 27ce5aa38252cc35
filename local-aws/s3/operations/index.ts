import { abortMultipartUpload, createMultipartUpload, uploadPart, uploadPartCopy } from './upload-parts.ts'
import { createBucket, headBucket } from './buckets.ts'
import { completeMultipartUpload } from './complete-upload.ts'
import { copyObject } from './copy-object.ts'
import { deleteObject, deleteObjects } from './delete-objects.ts'
import { getObject, headObject } from './get-object.ts'
import { listObjectsV2 } from './list-objects.ts'
import { listObjectVersions } from './list-versions.ts'
import { putObject } from './put-object.ts'
import { restoreObject } from './restore-object.ts'

/** All operations that the local S3 implements; a request for any other is refused with NotImplemented. */
export const S3_OPERATIONS = [
  getObject,
  headObject,
  putObject,
  copyObject,
  deleteObject,
  deleteObjects,
  listObjectsV2,
  listObjectVersions,
  createBucket,
  headBucket,
  createMultipartUpload,
  uploadPart,
  uploadPartCopy,
  completeMultipartUpload,
  abortMultipartUpload,
  restoreObject,
]
