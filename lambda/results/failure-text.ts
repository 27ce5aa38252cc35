import type { DayOutcome } from '../../core/messages.ts'
import {
  acceptingInputs,
  emptyingInputs,
  mendingInputs,
  redoInputs,
  type RedoInput,
} from '../../core/redo.ts'
import { withoutDay } from '../../core/without-day.ts'

/** Maximum number of characters of a failure in one line. */
export const MAX_FAILURE_LENGTH = 500
/** Maximum number of failed days that a cause names. */
export const MAX_NAMED_DAYS = 20
/** Maximum number of inputs of each kind in a cause; more than one is rare. */
const MAX_INPUTS = 3

/**
 * Returns one line for people from the cause that Step Functions gives for a failure: a failed job's own message, the
 * message of a function's error, or else the first line of the cause. Cut to {@link MAX_FAILURE_LENGTH}; empty without
 * a cause.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeProcessingJob.html
 */
export function failureText(cause: string | undefined): string {
  const text = messageIn(cause) ?? cause ?? ''
  const line = text.trim().split('\n', 1)[0]!.trim()
  return line.length > MAX_FAILURE_LENGTH ? `${line.slice(0, MAX_FAILURE_LENGTH - 1)}…` : line
}

function messageIn(cause: string | undefined): string | undefined {
  const { ExitMessage, FailureReason, errorMessage } = causeIn(cause)
  return [ExitMessage, errorMessage, FailureReason].find((text) => typeof text === 'string' && text !== '')
}

/**
 * Parses the cause of a failed task if it is a JSON object, which describes a job or a function's error. Returns an
 * empty object for any other text.
 */
export function causeIn(cause: string | undefined): CauseOfTask {
  if (!cause?.startsWith('{')) return {}
  try {
    return JSON.parse(cause) as CauseOfTask
  } catch {
    return {}
  }
}

/** The fields of DescribeProcessingJob's answer, with times in milliseconds, or of a function's error. */
interface CauseOfTask {
  readonly ExitMessage?: string
  readonly FailureReason?: string
  readonly errorMessage?: string
  readonly ProcessingJobStatus?: string
  readonly ProcessingStartTime?: number
  readonly ProcessingEndTime?: number
  readonly StoppingCondition?: { readonly MaxRuntimeInSeconds: number }
}

interface CauseFacts {
  /** Number of dataset-days of the execution. */
  readonly total: number
  /** `s3://` URI of the summary with every outcome. */
  readonly summaryUri: string
  /** True for a dry run, which records no failure that could be redone or accepted. */
  readonly dryRun: boolean
}

/**
 * Makes the text for a Fail state's cause, a line each: the failed days, how to redo them, where the whole list is.
 * Empty if no day failed. Bounded: names at most {@link MAX_NAMED_DAYS} days, so that it fits.
 */
export function failedDaysCause(failed: readonly DayOutcome[], facts: CauseFacts): string {
  if (failed.length === 0) return ''
  const named = failed.slice(0, MAX_NAMED_DAYS).map(dayText)
  return [
    `${failed.length} of ${facts.total} dataset-days ${facts.dryRun ? 'would fail' : 'failed'}.`,
    ...named,
    ...more(failed.length - named.length),
    ...remedyLines(failed, facts),
    `Every outcome: ${facts.summaryUri}`,
  ].join('\n')
}

function remedyLines(failed: readonly DayOutcome[], { dryRun }: CauseFacts): string[] {
  const mending = inputLines(
    'Those whose manifest cannot be read are mended with the input',
    mendingInputs(failed),
  )
  if (dryRun) return mending
  return [
    ...inputLines('Once the causes are mended, redo them with the input', redoInputs(failed)),
    ...mending,
    ...inputLines(
      'Those that failed with EmptyPrefix keep their rows; what deletes these is the input',
      emptyingInputs(failed),
    ),
    ...inputLines('What accepts them as they are is the input', acceptingInputs(failed)),
  ]
}

function dayText({ dataset, date, error, cause = '' }: DayOutcome): string {
  return [`${dataset} ${date}`, error, withoutDay(cause, { dataset, date })].filter((part) => part).join(': ')
}

function inputLines(text: string, inputs: readonly RedoInput[]): string[] {
  const shown = inputs.slice(0, MAX_INPUTS).map((input) => `${text} ${JSON.stringify(input)}`)
  return [...shown, ...more(inputs.length - shown.length)]
}

const more = (left: number) => (left > 0 ? [`and ${left} more`] : [])
