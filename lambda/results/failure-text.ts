import type { DayOutcome } from '../../core/messages.ts'
import {
  acceptingInputs,
  emptyingInputs,
  mendingInputs,
  redoInputs,
  type RedoInput,
} from '../../core/redo.ts'
import { withoutDay } from '../../core/without-day.ts'

/** Most characters kept of one failure. */
export const MAX_FAILURE_LENGTH = 500
/** Most failed days that a cause names. */
export const MAX_NAMED_DAYS = 20
/** Most inputs of each kind in a cause; more than one is rare. */
const MAX_INPUTS = 3

/**
 * Returns the cause of a failure in one line: a failed job's own message, the message of a function's error, or the
 * first line of the text.
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

/** Parses a cause that describes a job or a function's error; returns an empty object for plain text. */
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
 * Names the failed days, says how to redo them and where the whole list is, one line each; empty without failed days.
 * Bounded, so that it fits a Fail state's cause.
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
