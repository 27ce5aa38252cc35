import { createHash } from 'node:crypto'
import type { Day } from './dates.ts'
import { manyPrefix } from './names.ts'

/**
 * Maximum length of a processing job's name, in characters.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateProcessingJob.html
 */
export const MAX_JOB_NAME_LENGTH = 63
/** Matches the job names that CreateProcessingJob accepts. */
export const JOB_NAME_PATTERN = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/
/** Characters that the state machine appends: a hyphen and a number of up to seven digits, different for each try. */
const APPENDIX_LENGTH = 8
const HASH_DIGITS = 10
/** Values that make a processing job's name unique. */
export interface JobNameParts {
  /** Beginning of the name. The state machine's role may only create jobs whose names begin with it. */
  readonly prefix: string
  readonly dataset: string
  readonly date: Day
  /** ARN of the Map's child. No other execution has it. */
  readonly childArn: string
  /** Number of redrives of the child so far, from 0. */
  readonly redriveCount: number
  /**
   * Number of times so far, from 0, that another writer published the day first, so that the child planned it again.
   */
  readonly loop: number
}

/**
 * Returns the beginning of a processing job's name, unique within an account. With a hyphen and the number of the try
 * appended, it is a valid name of at most 63 characters. A long dataset name is cut.
 */
export function jobNameStem({ prefix, dataset, date, childArn, redriveCount, loop }: JobNameParts): string {
  const hash = createHash('sha256').update(childArn).digest('hex').slice(0, HASH_DIGITS)
  const tail = `-${date.replaceAll('-', '')}-${hash}-${redriveCount}-${loop}`
  const head = `${manyPrefix(prefix)}${dataset.replaceAll('_', '-')}`
  return head.slice(0, MAX_JOB_NAME_LENGTH - APPENDIX_LENGTH - tail.length) + tail
}
