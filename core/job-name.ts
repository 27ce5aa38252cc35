import { createHash } from 'node:crypto'
import type { Day } from './dates.ts'
import { manyPrefix } from './names.ts'

/**
 * The longest name of a processing job.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateProcessingJob.html
 */
export const MAX_JOB_NAME_LENGTH = 63
/** What CreateProcessingJob accepts as a name. */
export const JOB_NAME_PATTERN = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/
/** Room for what the definition appends: a hyphen and a number of at most seven digits, another for each job. */
const APPENDIX_LENGTH = 8
const HASH_DIGITS = 10
export interface JobNameParts {
  /** Begins the name: the permissions of the state machine are for names that begin so. */
  readonly prefix: string
  readonly dataset: string
  readonly date: Day
  /** ARN of the Map's child: no other execution has it. */
  readonly childArn: string
  readonly redriveCount: number
  /** 0 at first, one more after each lost publish. */
  readonly loop: number
}

/**
 * The stem of a job's name, never used twice in an account: valid and at most 63 characters once
 * a hyphen and the number of the try are appended. The dataset's name is cut where it is too long.
 */
export function jobNameStem({ prefix, dataset, date, childArn, redriveCount, loop }: JobNameParts): string {
  const hash = createHash('sha256').update(childArn).digest('hex').slice(0, HASH_DIGITS)
  const tail = `-${date.replaceAll('-', '')}-${hash}-${redriveCount}-${loop}`
  const head = `${manyPrefix(prefix)}${dataset.replaceAll('_', '-')}`
  return head.slice(0, MAX_JOB_NAME_LENGTH - APPENDIX_LENGTH - tail.length) + tail
}
