import { join } from 'node:path'

/** Paths under a home; nothing else in this package spells them. */
export interface HomePaths {
  /** One folder per bucket, in which an object is a plain file at its key. */
  readonly s3: string
  /** S3's knowledge of objects beyond their bytes, and uploads in progress. */
  readonly s3Meta: string
  /** One folder per database of the catalog. */
  readonly glue: string
  /** Executions of state machines. */
  readonly executions: string
  /** One folder per processing job. */
  readonly sagemaker: string
  /** Temporary files of Athena's queries, one folder per process. */
  readonly athena: string
  /** Lock files of the processes that hold the home or wait for it. */
  readonly locks: string
  /** File that says how far the services' clock is ahead of this machine's. */
  readonly clock: string
  /** File of what was deployed last: versions of functions. */
  readonly deployed: string
  bucket(name: string): string
  object(bucket: string, key: string): string
  /** A table of a database, with its partitions. */
  table(database: string, name: string): string
  /** File of a crawler's latest crawl and its outcome. */
  crawler(database: string, name: string): string
  /** The folder of a processing job. */
  job(name: string): string
  /** Record of a processing job: its description and status. */
  jobRecord(name: string): string
  /** Output of a processing job's program. */
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
