import { DayfoldError } from '../../core/errors.ts'
import { compareKeys } from '../../core/layout.ts'
import {
  isRead,
  type Input,
  type Published,
  type UnreadCount,
  type UnreadObjects,
} from '../../core/manifest.ts'
import { printable } from '../../core/printable.ts'
import type { ReadSettings } from '../../core/read-settings.ts'
import type { WorkOrder } from '../../core/work-order.ts'

/**
 * Checks that each raw object of a work order was read to its end. Inputs of earlier publishes are not checked.
 *
 * @throws DayfoldError UnreadableObjects with reasons and first keys if one was not, unless the dataset skips such
 * objects and something of the day was read
 */
export function checkUnreadable(
  order: WorkOrder,
  next: Published,
  { unreadable }: Pick<ReadSettings, 'unreadable'>,
): void {
  const own = new Set(order.inputs.map(({ key }) => key))
  const broken = next.inputs.filter(({ key, unread }) => unread !== undefined && own.has(key))
  if (broken.length === 0) return
  const isSkipping = unreadable === 'skip'
  if (isSkipping && next.inputs.some(isRead)) return
  const { dataset, date } = next
  const objects = order.inputs.length === 1 ? 'object' : 'objects'
  const expected = isSkipping
    ? 'at least one raw object that can be read, found none'
    : `raw objects that can be read to their end, found ${broken.length}`
  const how = isSkipping
    ? 'Mend or remove them'
    : "Mend or remove them, or set the dataset's unreadable to 'skip'"
  throw new DayfoldError(
    'UnreadableObjects',
    `${dataset} ${date}: expected ${expected} of ${order.inputs.length} ${objects}` +
      `${isSkipping ? '' : ' that cannot'}: ${told(broken)}. The published data stays as it was. ${how}; then run the day again.`,
    { context: { objects: order.inputs.length, unreadable: broken.length, first: broken[0]!.key } },
  )
}

/** Maximum numbers of reasons in a message, of keys of each, and of characters of one. */
const MAX_REASONS = 5
const MAX_KEYS = 3
const MAX_REASON_CHARACTERS = 200

/** Groups the objects by reason, the commonest first, with the first keys of each. */
function told(broken: readonly Input[]): string {
  const byReason = new Map<string, Input[]>()
  for (const input of broken) {
    const kind = kindOfReason(input.unread!)
    byReason.set(kind, [...(byReason.get(kind) ?? []), input])
  }
  const reasons = [...byReason.values()].sort((left, right) => right.length - left.length)
  const left = reasons.slice(MAX_REASONS).reduce((sum, inputs) => sum + inputs.length, 0)
  const more = left === 0 ? [] : [`${left} for other reasons`]
  return [...reasons.slice(0, MAX_REASONS).map(reasonTold), ...more].join('; ')
}

/** Ignores numbers in a reason, such as the place where an object breaks off. */
const kindOfReason = (why: string) => why.replace(/\d+/g, '0').replace(/\.$/, '')

function reasonTold(inputs: readonly Input[]): string {
  const keys = inputs.slice(0, MAX_KEYS).map(({ key }) => printable(key))
  const more = inputs.length > MAX_KEYS ? [`${inputs.length - MAX_KEYS} more`] : []
  return `${inputs.length}: ${reasonOf(inputs[0]!.unread!)} (${[...keys, ...more].join(', ')})`
}

function reasonOf(why: string): string {
  const text = printable(why).replace(/\.$/, '')
  return text.length > MAX_REASON_CHARACTERS ? `${text.slice(0, MAX_REASON_CHARACTERS - 1)}…` : text
}

/**
 * Counts the raw objects of a day that were not read, by kind: those of the listing, and inputs that could not be read
 * to their end. Undefined if the listing was not recorded and all inputs were read.
 */
export function unreadObjects(
  listed: UnreadObjects | undefined,
  inputs: readonly Input[],
): UnreadObjects | undefined {
  const broken = inputs.filter(({ unread }) => unread !== undefined)
  const found = broken.map(unreadCount).concat(listed?.unreadable ?? [])
  if (found.length === 0) return listed
  return { ...listed, unreadable: found.reduce(both) }
}

const unreadCount = ({ key, size, bytes, unread }: Input): UnreadCount => ({
  count: 1,
  bytes: bytes?.unread ?? size,
  first: key,
  why: unread!,
})

function both(left: UnreadCount, right: UnreadCount): UnreadCount {
  const first = compareKeys(left.first, right.first) <= 0 ? left : right
  return { ...first, count: left.count + right.count, bytes: left.bytes + right.bytes }
}
