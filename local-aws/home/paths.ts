import { join } from 'node:path'

/**
 * Paths of all files and folders under a home, the folder of all state. Every service takes its paths from this object.
 */
export interface HomePaths {
  /** Folder with one folder per bucket, in which an object is a plain file at its key. */
  readonly s3: string
  /** Folder of what S3 knows of objects beside their bytes (ETags, metadata, versions), and of uploads in progress. */
  readonly s3Meta: string
  /** Folder with one folder per Glue database. */
  readonly glue: string
  /** Folder of the executions of state machines, their histories and Map Runs. */
  readonly executions: string
  /** Folder with one folder per processing job. */
  readonly sagemaker: string
  /** Folder of the temporary files of Athena's queries, with one folder per process. */
  readonly athena: string
  /** Folder of the lock files of processes that hold the home or are about to. */
  readonly locks: string
  /** File that says how far the services' clock is ahead of this machine's. */
  readonly clock: string
  /** File that records the last deployment: versions of functions, tables and images. */
  readonly deployed: string
  /** Folder of a bucket's objects. */
  bucket(name: string): string
  /** File of an object. */
  object(bucket: string, key: string): string
  /** File of a table of a database, with its partitions. */
  table(database: string, name: string): string
  /** File with the outcome of a crawler's latest crawl. */
  crawler(database: string, name: string): string
  /** Folder of a processing job. */
  job(name: string): string
  /** File with the request and the status of a processing job. */
  jobRecord(name: string): string
  /** File with what a processing job's program has printed. */
  jobLog(name: string): string
  /** Folder that a processing job sees as `/opt/ml`. */
  mlRoot(job: string): string
  /** Temporary folder of a running processing job. */
  jobTemporary(job: string): string
}

/** Returns the paths of a home; creates nothing. */
export function homePaths(home: string): HomePaths {
  const [s3, glue, sagemaker] = [join(home, 's3'), join(home, 'glue'), join(home, 'sagemaker')]
  return {
    s3,
    s3Meta: join(home, 's3-meta'),
    glue,
    executions: join(home, 'executions'),
    sagemaker,
    athena: join(home, 'athena'),
    locks: join(home, 'locks'),
    clock: join(home, 'clock.json'),
    deployed: join(home, 'deployed.json'),
    bucket: (name) => join(s3, name),
    object: (bucket, key) => join(s3, bucket, key),
    table: (database, name) => join(glue, database, `${name}.json`),
    crawler: (database, name) => join(glue, database, 'crawlers', `${name}.json`),
    job: (name) => join(sagemaker, name),
    jobRecord: (name) => join(sagemaker, name, 'job.json'),
    jobLog: (name) => join(sagemaker, name, 'output.log'),
    mlRoot: (job) => join(sagemaker, job, 'opt', 'ml'),
    jobTemporary: (job) => join(sagemaker, job, 'tmp'),
  }
}
