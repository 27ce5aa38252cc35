import { AwsError } from '../../protocol/aws-error.ts'
import { noSuchKey } from '../errors.ts'
import type { Store, StoredObject } from '../storage/store.ts'

/** The object that a reader asks for, or a version of it. */
interface Asked {
  readonly Bucket: string
  readonly Key: string
  readonly VersionId?: string | undefined
}

/**
 * Finds the content that a reading request asks for: that of the version that it names, else the current one.
 *
 * @throws AwsError NoSuchKey, NoSuchVersion, MethodNotAllowed for a delete marker
 */
export function findVersion(store: Store, { Bucket, Key, VersionId }: Asked): StoredObject {
  const current = store.find(Bucket, Key)
  if (VersionId === undefined || VersionId === current?.versionId) return current ?? absent(Key)
  const older = store.older(Bucket, Key).find(({ versionId }) => versionId === VersionId)
  if (!older) throw new AwsError('NoSuchVersion', `The specified version does not exist: "${Key}".`, 404)
  if (older.object) return older.object
  throw new AwsError('MethodNotAllowed', `Version of "${Key}": expected an object, found its deletion.`, 405)
}

function absent(key: string): never {
  throw noSuchKey(key)
}
