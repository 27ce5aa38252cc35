import type { Cut } from './cut-lines.ts'
import { newCounts, type SegmentCounts } from './shard.ts'
import { MAX_KEPT_BYTES } from './unread-lines.ts'

/** What is counted of an object of which not a byte could be had. */
export function notReadCounts(why: string, size: number): SegmentCounts {
  return { ...newCounts(), unread: { why, bytes: size } }
}

/**
 * What is counted of a record that is rejected where it stands, or of the part of an object that cannot be read.
 *
 * @param size stored bytes of the object
 */
export function countsOf(cut: Exclude<Cut, { kind: 'lines' }>, size: number): SegmentCounts {
  return cut.kind === 'unread' ? unreadCounts(cut, size) : rejectCounts(cut)
}

/** Adds what such a cut counts. */
export function addCut(counts: SegmentCounts, cut: Exclude<Cut, { kind: 'lines' }>, size: number): void {
  const more = countsOf(cut, size)
  for (const { line, range, ...reject } of more.rejects) {
    const moved =
      range?.of === 'decoded' ? { start: range.start + counts.bytes, end: range.end + counts.bytes } : {}
    counts.rejects.push({
      ...reject,
      line: line + counts.lines,
      ...(range && { range: { ...range, ...moved } }),
    })
  }
  counts.lines += more.lines
  counts.records += more.records
  counts.bytes += more.bytes
  counts.rejectedBytes += more.rejectedBytes
  if (more.unread) counts.unread = more.unread
}

function rejectCounts({ reject, bytes, newline }: Extract<Cut, { kind: 'reject' }>): SegmentCounts {
  const range = { start: 0, end: bytes, of: 'decoded' } as const
  const whole = bytes <= MAX_KEPT_BYTES ? {} : { range }
  return {
    ...newCounts(),
    lines: 1,
    records: 1,
    bytes: bytes + newline,
    rejectedBytes: bytes,
    rejects: [{ line: 1, ...reject, ...whole }],
  }
}

/** What could not be decoded behind bytes that were is a reject as well; an object that is not read at all is none. */
function unreadCounts({ unread, isTold }: Extract<Cut, { kind: 'unread' }>, size: number): SegmentCounts {
  const { unread: why, reason, from, rest } = unread
  const counts = { ...newCounts(), unread: { why, bytes: size - from } }
  if ((reason === 'unreadable' && from === 0) || (isTold && from === size)) return counts
  const kept = rest?.length === size - from ? { rawBase64: rest.toString('base64') } : { raw: '' }
  const message = `${why}; bytes ${from} to ${size} of the object are not read`
  const range = { start: from, end: size, of: 'stored' } as const
  return { ...counts, lines: 1, records: 1, rejects: [{ line: 1, reason, message, ...kept, range }] }
}
