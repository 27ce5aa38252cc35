import { join } from 'node:path'

/** Where things lie under a home: nothing else in this package spells a path of it. */
export interface HomePaths {
  /** A folder a bucket; in it, an object is a plain file at its key. */
  readonly s3: string
  /** What S3 knows of objects beside their bytes, and uploads in progress. */
  readonly s3Meta: string
  /** Databases of the catalog, a folder each. */
  readonly glue: string
  /** Executions of state machines. */
  readonly executions: string
  /** Processing jobs: a folder a job. */
  readonly sagemaker: string
  /** Queries. */
  readonly athena: string
  /** Who holds the home. */
  readonly locks: string
  /** How far the clock of the services is ahead of this machine's. */
  readonly clock: string
  /** What was deployed last: versions of functions. */
  readonly deployed: string
  bucket(name: string): string
  object(bucket: string, key: string): string
  /** A table of a database, with its partitions. */
  table(database: string, name: string): string
  /** How a crawler's newest crawl went. */
  crawler(database: string, name: string): string
  /** The folder of a processing job. */
  job(name: string): string
  /** What is known of a processing job. */
  jobRecord(name: string): string
  /** What a processing job has printed. */
  jobLog(name: string): string
  /** What a processing job sees as `/opt/ml`. */
  mlRoot(job: string): string
}

/** The paths of a home; nothing is made. */
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
  }
}
