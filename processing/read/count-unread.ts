import type { Cut } from './cut-lines.ts'
import { behind, newCounts, type SegmentCounts } from './shard.ts'

/**
 * Returns the counts of records and bytes for a raw object of which no byte could be read.
 *
 * @param why reason in words
 * @param size stored bytes of the object
 */
export function notReadCounts(why: string, size: number): SegmentCounts {
  return { ...newCounts(), unread: { why, bytes: size } }
}

/**
 * Returns the counts of records and bytes for a record that is rejected without being parsed, or for the part of an
 * object that cannot be read.
 *
 * @param size stored bytes of the object
 */
export function countsOf(cut: Exclude<Cut, { kind: 'lines' }>, size: number): SegmentCounts {
  return cut.kind === 'unread' ? unreadCounts(cut, size) : rejectCounts(cut)
}

/** Adds the counts of {@link countsOf} to those of the object so far. */
export function addCut(counts: SegmentCounts, cut: Exclude<Cut, { kind: 'lines' }>, size: number): void {
  const more = countsOf(cut, size)
  for (const reject of more.rejects) counts.rejects.push(behind(counts, reject))
  counts.lines += more.lines
  counts.records += more.records
  counts.bytes += more.bytes
  counts.rejectedBytes += more.rejectedBytes
  if (more.unread) counts.unread = more.unread
}

function rejectCounts({ reject, bytes, newline }: Extract<Cut, { kind: 'reject' }>): SegmentCounts {
  const rejects = [{ line: 1, ...reject }]
  return { ...newCounts(), lines: 1, records: 1, bytes: bytes + newline, rejectedBytes: bytes, rejects }
}

/**
 * Counts the part of an object that could not be read. After decoded bytes it is a reject as well; an object that is
 * not read at all is none.
 */
function unreadCounts({ unread, isTold }: Extract<Cut, { kind: 'unread' }>, size: number): SegmentCounts {
  const { unread: why, reason, from, rest } = unread
  const counts = { ...newCounts(), unread: { why, bytes: size - from } }
  if ((reason === 'unreadable' && from === 0) || (isTold && from === size)) return counts
  const kept = rest?.length === size - from ? { rawBase64: rest.toString('base64') } : { raw: '' }
  const message = `${why}; bytes ${from} to ${size} of the object are not read`
  const range = { start: from, end: size, of: 'stored' } as const
  return {
    ...counts,
    lines: 1,
    records: 1,
    rejects: [{ line: 1, reason, message, outline: message, ...kept, range }],
  }
}
