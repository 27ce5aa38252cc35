import { join } from 'node:path'

/** Where things lie under a home: nothing else in this package spells a path of it. */
export interface HomePaths {
  /** A folder a bucket; in it, an object is a plain file at its key. */
  readonly s3: string
  /** What S3 knows of objects beside their bytes, and uploads in progress. */
  readonly s3Meta: string
  /** Databases of the catalog: a folder a database, a file a table. */
  readonly glue: string
  /** Executions of state machines. */
  readonly executions: string
  /** Processing jobs: a folder a job. */
  readonly sagemaker: string
  /** Queries. */
  readonly athena: string
  /** Who holds the home. */
  readonly locks: string
  bucket(name: string): string
  object(bucket: string, key: string): string
}

/** The paths of a home; nothing is made. */
export function homePaths(home: string): HomePaths {
  const s3 = join(home, 's3')
  return {
    s3,
    s3Meta: join(home, 's3-meta'),
    glue: join(home, 'glue'),
    executions: join(home, 'executions'),
    sagemaker: join(home, 'sagemaker'),
    athena: join(home, 'athena'),
    locks: join(home, 'locks'),
    bucket: (name) => join(s3, name),
    object: (bucket, key) => join(s3, bucket, key),
  }
}
