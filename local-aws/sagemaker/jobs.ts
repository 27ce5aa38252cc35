import { mkdir, readdir } from 'node:fs/promises'
import type { CreateProcessingJobRequest, ProcessingJobStatus } from '@aws-sdk/client-sagemaker'
import { readJsonFile, writeJsonFile, type DocumentKind } from '../home/json-file.ts'
import { homePaths } from '../home/paths.ts'
import { AwsError } from '../protocol/aws-error.ts'
import type { Complete } from '../protocol/shapes.ts'

/** The CreateProcessingJob request that a job was created with, without its tags. */
export type JobRequest = Complete<Omit<CreateProcessingJobRequest, 'Tags'>>

/**
 * A processing job as stored in its folder in the home. The process that runs the job writes it; any process may read
 * it.
 */
export interface Job {
  readonly name: string
  readonly arn: string
  readonly request: JobRequest
  readonly status: ProcessingJobStatus
  /** Reason why the job failed, or was found without a process; absent otherwise. */
  readonly failureReason?: string
  /** Message that the program has left in `output/message`. */
  readonly exitMessage?: string
  /** Id of the process that runs the job and writes this record, not of the job's program. */
  readonly owner: number
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly modifiedAt: number
  /** Milliseconds since 1970; absent while the job runs. */
  readonly endedAt?: number
}

const KIND: DocumentKind = {
  what: 'what is known of a processing job',
  members: ['name', 'arn', 'request', 'status'],
  remedy: 'Delete its folder: the job is then forgotten, and what it wrote to S3 stays.',
}

/** Storage for the processing jobs of a home. */
export interface JobStore {
  /**
   * Reserves the name of a new job; a name can be used only once.
   *
   * @throws AwsError ResourceInUse for a name that was used before
   */
  claim(name: string): Promise<void>
  /** Stores a job, atomically. */
  write(job: Job): Promise<void>
  /**
   * Reads a job. A job that has no recorded end, but whose runner's process is gone, is returned with the status
   * Stopped.
   *
   * @param isMine true if this process runs the job
   * @throws AwsError ResourceNotFound if there is no such job
   */
  read(name: string, isMine: boolean): Promise<Job>
  /** Returns the names of all jobs, unordered. */
  names(): Promise<string[]>
}

/** Opens the job store of a home, which keeps one JSON file per job. */
export function openJobStore(home: string): JobStore {
  const paths = homePaths(home)
  return {
    async claim(name) {
      await mkdir(paths.sagemaker, { recursive: true })
      try {
        await mkdir(paths.job(name))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
        throw new AwsError(
          'ResourceInUse',
          `Job name must be unique within an AWS account and region, and a job with the name ${name} already exists.`,
        )
      }
    },
    write: (job) => writeJsonFile(paths.jobRecord(job.name), job),
    async read(name, isMine) {
      const job = await readJsonFile<Job>(paths.jobRecord(name), KIND)
      if (!job) throw new AwsError('ResourceNotFound', `Could not find processing job ${name}.`)
      return isMine || hasEnded(job.status) || isOtherLiveProcess(job.owner) ? job : abandoned(job)
    },
    async names() {
      const entries = await readdir(paths.sagemaker, { withFileTypes: true }).catch(() => [])
      return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
    },
  }
}

/** Returns true for a status after which a job does not change: Completed, Failed or Stopped. */
export const hasEnded = (status: ProcessingJobStatus) => status !== 'InProgress' && status !== 'Stopping'

function isOtherLiveProcess(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function abandoned(job: Job): Job {
  const failureReason = 'The process that ran the job has ended.'
  return { ...job, status: 'Stopped', failureReason, endedAt: job.modifiedAt }
}
