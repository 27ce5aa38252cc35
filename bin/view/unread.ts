import { colors } from './colors.ts'
import { UNREAD_KINDS, UNREAD_WORDS, type UnreadCount, type UnreadKind } from '../../core/manifest.ts'
import type { DatasetDay } from '../../core/dataset-day.ts'
import { printable } from '../../core/printable.ts'
import { counted } from '../../core/format.ts'

/** Unread objects of a day, as far as they are known. */
type Unread = Readonly<Partial<Record<UnreadKind, Pick<UnreadCount, 'count'> & Partial<UnreadCount>>>>
type UnreadDay = DatasetDay & { readonly unread: Unread }

/** Maximum number of days listed one by one. More are summed up. */
const MAX_DAYS_TOLD = 10

/** The most important kind comes first. */
const TOLD: readonly UnreadKind[] = UNREAD_KINDS.toReversed()

const countOf = (unread: Unread, kind: UnreadKind) => unread[kind]?.count ?? 0
const isUnreadable = ({ unread }: UnreadDay) => countOf(unread, 'unreadable') > 0
/** True if all unread objects are hidden or without data. Those are unread on purpose, so they are only counted. */
const isQuiet = ({ unread }: UnreadDay) =>
  countOf(unread, 'excluded') === 0 && countOf(unread, 'unreadable') === 0

/** Returns the number of a day's unread objects, all kinds together. */
export function countUnread(unread: Unread): number {
  return UNREAD_KINDS.reduce((sum, kind) => sum + countOf(unread, kind), 0)
}

/**
 * Describes the unread objects of days, unreadable ones first: one line per day for at most ten days, then sums. Days
 * with only hidden objects or objects without data share one line.
 */
export function unreadLines(days: readonly (DatasetDay & { readonly unread?: Unread })[]): string[] {
  const told = days.filter((day): day is UnreadDay => countUnread(day.unread ?? {}) > 0)
  const quiet = told.filter(isQuiet)
  const loud = told
    .filter((day) => !isQuiet(day))
    .sort((a, b) => Number(isUnreadable(b)) - Number(isUnreadable(a)))
  const more = loud.slice(MAX_DAYS_TOLD)
  return [
    ...loud.slice(0, MAX_DAYS_TOLD).map(({ dataset, date, unread }) => `${dataset} ${date}: ${tell(unread)}`),
    ...(more.length === 0 ? [] : [`${counted(more.length, 'more dataset-day')}: ${tell(sumOf(more))}`]),
    ...(quiet.length === 0 ? [] : [`${counted(quiet.length, 'dataset-day')}: ${tell(sumOf(quiet))}`]),
  ]
}

/** Describes the unreadable objects of days: one line per day for at most ten days, then a sum. */
export function unreadableLines(
  days: readonly (DatasetDay & { readonly unread: Unread | null })[],
): string[] {
  const told = days.flatMap(({ dataset, date, unread }) => {
    return unread?.unreadable ? [{ dataset, date, unread: { unreadable: unread.unreadable } }] : []
  })
  return unreadLines(told)
}

function tell(unread: Unread): string {
  const kinds = TOLD.flatMap((kind) => (countOf(unread, kind) > 0 ? [tellKind(kind, unread[kind]!)] : []))
  return `${counted(countUnread(unread), 'object')} not read: ${kinds.join(', ')}`
}

function tellKind(kind: UnreadKind, { count, first, why }: NonNullable<Unread[UnreadKind]>): string {
  const reason = why === undefined ? '' : `: ${printable(why)}`
  const place = first === undefined ? '' : ` (first ${printable(first)}${reason})`
  const text = `${count} ${UNREAD_WORDS[kind]}${place}`
  return kind === 'unreadable' ? colors.red(text) : text
}

/** Adds up the objects of several days. The first key is that of the first day that has one. */
function sumOf(days: readonly UnreadDay[]): Unread {
  const sums: Partial<Record<UnreadKind, Pick<UnreadCount, 'count'> & Partial<UnreadCount>>> = {}
  for (const { unread } of days) {
    for (const kind of UNREAD_KINDS) {
      const known = unread[kind]
      if (known) sums[kind] = { ...(sums[kind] ?? known), count: countOf(sums, kind) + known.count }
    }
  }
  return sums
}
