import { colors } from './colors.ts'
import { UNREAD_KINDS, UNREAD_WORDS, type UnreadCount, type UnreadKind } from '../../core/manifest.ts'
import type { DatasetDay } from '../../core/execution-input.ts'
import { printable } from '../../core/printable.ts'
import { counted } from '../../core/format.ts'

/** Objects of a day that were not read, as far as they are known. */
type Unread = Readonly<Partial<Record<UnreadKind, Pick<UnreadCount, 'count'> & Partial<UnreadCount>>>>
type UnreadDay = DatasetDay & { readonly unread: Unread }

/** More days than this are told as sums. */
const MAX_DAYS_TOLD = 10

/** What stands out is told first. */
const TOLD: readonly UnreadKind[] = UNREAD_KINDS.toReversed()

const countOf = (unread: Unread, kind: UnreadKind) => unread[kind]?.count ?? 0
const isUnreadable = ({ unread }: UnreadDay) => countOf(unread, 'unreadable') > 0
/** Hidden objects and those without data are there on purpose: they are counted and no more. */
const isQuiet = ({ unread }: UnreadDay) =>
  countOf(unread, 'excluded') === 0 && countOf(unread, 'unreadable') === 0

/** How many objects were not read: of all kinds. */
export function countUnread(unread: Unread): number {
  return UNREAD_KINDS.reduce((sum, kind) => sum + countOf(unread, kind), 0)
}

/** The objects that were not read: a line a day, unless there are many, and one of counts for those that matter less. */
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

/** The days with objects that could not be read: a line each, unless there are many. */
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

/** All of several days, with the first of the first that has one. */
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
