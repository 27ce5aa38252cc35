import { countChecks } from '../../core/count-checks.ts'
import { isRead, type Input, type Published } from '../../core/manifest.ts'
import { SUPERSEDED_WHY, type DayOutcome } from '../../core/messages.ts'
import type { RejectedFor } from '../../core/rejects.ts'
import type { WorkOrder } from '../../core/work-order.ts'

/** Maximum number of reasons of rejects in an outcome, which is part of the state machine's bounded state. */
const MAX_REASONS = 3

/**
 * Makes the outcome, a line of the summary, of a day whose work order is published.
 *
 * @param rejectedFor reasons of the job's rejects, the most frequent first; the outcome has the first three
 */
export function publishedOutcome(
  order: WorkOrder,
  published: Published,
  rejectedFor?: readonly RejectedFor[],
): DayOutcome {
  return {
    dataset: order.dataset,
    date: order.date,
    status: 'published',
    why: order.why,
    kind: order.kind,
    generation: published.generation,
    totals: published.totals,
    ...(published.newDataAt !== undefined && { newDataAt: published.newDataAt }),
    processed: processedBy(order, published),
    ...(rejectedFor && { rejectedFor: rejectedFor.slice(0, MAX_REASONS) }),
    seconds: (Date.parse(published.publishedAt) - Date.parse(order.startedAt)) / 1000,
    programSeconds: (Date.parse(published.publishedAt) - Date.parse(published.startedAt)) / 1000,
    ...(order.base === 0 ? { newDay: true } : {}),
    ...(order.vanished ? { vanished: order.vanished } : {}),
    ...(published.unread && { unread: published.unread }),
    ...(published.checks && { checks: countChecks(published.checks) }),
  }
}

/**
 * Makes the outcome, a line of the summary, of a day that is left because its table belongs to another release.
 *
 * @param cause the column that differs, in words
 */
export function supersededOutcome({ dataset, date, kind }: WorkOrder, cause: string): DayOutcome {
  return { dataset, date, status: 'superseded', why: SUPERSEDED_WHY, kind, cause }
}

/** Counts what could be read of the order's own inputs. */
function processedBy(order: WorkOrder, published: Published): DayOutcome['processed'] {
  const own = new Set(order.inputs.map((input) => input.key))
  const inputs = published.inputs.filter((input) => own.has(input.key))
  const sum = (count: (input: Input) => number) => inputs.reduce((total, input) => total + count(input), 0)
  return {
    files: inputs.filter(isRead).length,
    records: sum((input) => input.records),
    rejected: sum((input) => input.rejected),
    bytes: order.inputs.reduce((total, { size }) => total + size, 0),
  }
}
