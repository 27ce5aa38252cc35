import { mkdir, readdir } from 'node:fs/promises'
import type { CreateProcessingJobRequest, ProcessingJobStatus } from '@aws-sdk/client-sagemaker'
import { readJsonFile, writeJsonFile, type DocumentKind } from '../home/json-file.ts'
import { homePaths } from '../home/paths.ts'
import { AwsError } from '../protocol/aws-error.ts'
import type { Complete } from '../protocol/shapes.ts'

/** The request that a job was created with, without its tags. */
export type JobRequest = Complete<Omit<CreateProcessingJobRequest, 'Tags'>>

/** A processing job as stored in its folder of the home. Its runner writes it; any process may read it. */
export interface Job {
  readonly name: string
  readonly arn: string
  readonly request: JobRequest
  readonly status: ProcessingJobStatus
  readonly failureReason?: string
  readonly exitMessage?: string
  /** Id of the process that runs the job. */
  readonly owner: number
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly modifiedAt: number
  readonly endedAt?: number
}

const KIND: DocumentKind = {
  what: 'what is known of a processing job',
  members: ['name', 'arn', 'request', 'status'],
  remedy: 'Delete its folder: the job is then forgotten, and what it wrote to S3 stays.',
}

/** The processing jobs of a home. */
export interface JobStore {
  /**
   * Reserves a name forever.
   *
   * @throws AwsError ResourceInUse for a name that was used before
   */
  claim(name: string): Promise<void>
  write(job: Job): Promise<void>
  /**
   * Reads a job; one whose process has ended without recording an end counts as stopped.
   *
   * @param isMine true if this process runs the job
   * @throws AwsError ResourceNotFound if there is no such job
   */
  read(name: string, isMine: boolean): Promise<Job>
  names(): Promise<string[]>
}

/** Opens a store of jobs on plain files. */
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

/** True for a final status. */
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
