import type { DayOutcome } from '../../core/messages.ts'

/** The longest text kept of one failure. */
export const MAX_FAILURE_LENGTH = 500
/** How many failed days a cause names. */
export const MAX_NAMED_DAYS = 20

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
  if (!cause?.startsWith('{')) return undefined
  try {
    const { ExitMessage, FailureReason, errorMessage } = JSON.parse(cause) as Record<string, unknown>
    return [ExitMessage, errorMessage, FailureReason].find(
      (text): text is string => typeof text === 'string' && text !== '',
    )
  } catch {
    return undefined
  }
}

/**
 * Names the failed days, says how to redo them and where the whole list is; empty without failed days. Bounded, so
 * that it fits a Fail state's cause.
 */
export function failedDaysCause(failed: readonly DayOutcome[], total: number, summaryUri: string): string {
  if (failed.length === 0) return ''
  const named = failed
    .slice(0, MAX_NAMED_DAYS)
    .map((day) => `${day.dataset} ${day.date}: ${day.error}: ${day.cause}`)
  const more = failed.length > MAX_NAMED_DAYS ? [`and ${failed.length - MAX_NAMED_DAYS} more`] : []
  const dates = failed.map((day) => day.date).sort()
  const [from, to] = [dates[0]!, dates.at(-1)!]
  return [
    `${failed.length} of ${total} dataset-days failed.`,
    `${[...named, ...more].join('; ')}.`,
    `Redo them with the input {"from": "${from}", "to": "${to}", "mode": "failed"},`,
    `or with: npm run -s dayfold -- run --mode failed --from ${from} --to ${to}`,
    `(every outcome: ${summaryUri})`,
  ].join('\n')
}
