const HOURS_OF_A_DAY = 24
/** `*`, `3`, `8-18`, each with a step such as `/3`. */
const PART = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/

/**
 * Returns the longest time between two starts of a cron expression, in whole hours, as if it started runs every day; an
 * expression that skips days has longer gaps. Hours that cannot be parsed count as one start per day.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function longestGapHours(schedule: string): number {
  const field = schedule.split(' ')[1] ?? ''
  const hours = [...new Set(field.split(',').flatMap(hoursOf))].sort((left, right) => left - right)
  if (hours.length === 0) return HOURS_OF_A_DAY
  const next = (index: number) => hours[index + 1] ?? hours[0]! + HOURS_OF_A_DAY
  return Math.max(...hours.map((hour, index) => next(index) - hour))
}

function hoursOf(part: string): number[] {
  const match = PART.exec(part)
  if (!match) return []
  const [, first, last, step] = match
  const from = Number(first ?? 0)
  // `3/4` goes on until the end of the day.
  const to = Number(last ?? (first === undefined || step !== undefined ? HOURS_OF_A_DAY - 1 : from))
  const every = Math.max(1, Number(step ?? 1))
  const hours = Array.from({ length: HOURS_OF_A_DAY }, (_, hour) => hour)
  return hours.filter((hour) => hour >= from && hour <= to && (hour - from) % every === 0)
}

/** True if an EventBridge cron expression starts runs on every day of every year. */
export function startsEveryDay(schedule: string): boolean {
  const [, , ...days] = schedule.replace(/^cron\(|\)$/g, '').split(' ')
  return days.every((field) => field === '*' || field === '?')
}
