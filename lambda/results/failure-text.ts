import type { DayOutcome } from '../../core/messages.ts'
import {
  acceptingInputs,
  emptyingInputs,
  mendingInputs,
  redoInputs,
  type RedoInput,
} from '../../core/redo.ts'

/** The longest text kept of one failure. */
export const MAX_FAILURE_LENGTH = 500
/** How many failed days a cause names. */
export const MAX_NAMED_DAYS = 20
/** How many inputs of each kind a cause gives; more than one is rare. */
const MAX_INPUTS = 3

/**
 * What went wrong, in one line: a failed job's own message, the message of a function's error, or the first line of
 * the cause.
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

/** What a cause says of a job, or of a function's error; nothing where it is only text. */
export function causeIn(cause: string | undefined): Readonly<Partial<Record<CauseField, string>>> {
  if (!cause?.startsWith('{')) return {}
  try {
    return JSON.parse(cause) as Partial<Record<CauseField, string>>
  } catch {
    return {}
  }
}

type CauseField = 'ExitMessage' | 'FailureReason' | 'errorMessage'

/**
 * Names the failed days, says how to redo them and where the whole list is; empty without failed days. Bounded, so
 * that it fits a Fail state's cause.
 */
export function failedDaysCause(failed: readonly DayOutcome[], total: number, summaryUri: string): string {
  if (failed.length === 0) return ''
  const named = failed.slice(0, MAX_NAMED_DAYS).map(dayText)
  return [
    `${failed.length} of ${total} dataset-days failed.`,
    ...named,
    ...more(failed.length - named.length),
    ...inputLines('Once the causes are mended, redo them with the input', redoInputs(failed)),
    ...inputLines('Those whose manifest cannot be read are mended with the input', mendingInputs(failed)),
    ...inputLines(
      'Those that failed with EmptyPrefix keep their rows; what deletes these is the input',
      emptyingInputs(failed),
    ),
    ...inputLines('What accepts them as they are is the input', acceptingInputs(failed)),
    `Every outcome: ${summaryUri}`,
  ].join('\n')
}

function dayText({ dataset, date, error, cause }: DayOutcome): string {
  return [`${dataset} ${date}`, error, cause].filter((part) => part).join(': ')
}

function inputLines(text: string, inputs: readonly RedoInput[]): string[] {
  const shown = inputs.slice(0, MAX_INPUTS).map((input) => `${text} ${JSON.stringify(input)}`)
  return [...shown, ...more(inputs.length - shown.length)]
}

const more = (left: number) => (left > 0 ? [`and ${left} more`] : [])
