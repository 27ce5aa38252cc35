import { copyBytes } from '../copy-bytes.ts'
import { NEWLINE } from './bytes.ts'
import type { RejectReason } from '../../core/rejects.ts'
import type { ShardReject } from './shard.ts'
import { keptOf, MAX_KEPT_BYTES, tooLong } from './unread-lines.ts'

/**
 * Result of cutting an object: whole lines; a record that is rejected without being parsed; or the end of what can be
 * read of the object.
 */
export type Cut =
  | {
      readonly kind: 'lines'
      readonly buffer: SharedArrayBuffer
      readonly start: number
      readonly length: number
    }
  | {
      readonly kind: 'reject'
      readonly reject: Omit<ShardReject, 'line'>
      /** Decoded bytes of the record, without the end of its line. */
      readonly bytes: number
      /** Bytes of the line's end; 0 if it has none. */
      readonly newline: 0 | 1
    }
  | {
      readonly kind: 'unread'
      readonly unread: Unread
      /** True if a line that is cut off there was already emitted as a reject. */
      readonly isTold: boolean
    }

/** Consecutive bytes of an object in a buffer. The bytes in front of `start` may be overwritten. */
export interface Piece {
  readonly buffer: SharedArrayBuffer
  /** Position of the first byte in the buffer. */
  readonly start: number
  /** Number of bytes. */
  readonly length: number
}

/** Reason why an object could not be read, or not beyond some byte. */
export interface Unread {
  /** The reason in words. */
  readonly unread: string
  /** Reason by which a line that is cut off there is rejected. */
  readonly reason: RejectReason
  /** Number of stored bytes in front of the first one that could not be decoded. */
  readonly from: number
  /** The stored bytes from there on. @default they are too many to keep */
  readonly rest?: Buffer
}

/**
 * Cuts the consecutive pieces of an object at line ends, and emits whole lines in order. A line that a piece leaves
 * unfinished is put in front of the next piece: into its free bytes if they suffice, else into a new buffer. Holds a
 * piece and an unfinished line of at most `maxLineBytes`. Of a longer line only the beginning is kept, and it becomes
 * one reject.
 *
 * @param release called with buffers that are not needed any more
 */
export async function* cutLines(
  pieces: AsyncIterable<Piece | Unread> | Iterable<Piece | Unread>,
  maxLineBytes: number,
  release: (buffer: SharedArrayBuffer) => void = () => {},
): AsyncGenerator<Cut> {
  let rest: Buffer = Buffer.alloc(0)
  /** Length so far of an open line over the limit; 0 if there is none. */
  let dropped = 0

  for await (const piece of pieces) {
    if ('unread' in piece) {
      if (dropped > 0) yield tooLongCut(rest, dropped, maxLineBytes, 0)
      else if (rest.length > 0) yield brokenOff(piece, rest)
      yield { kind: 'unread', unread: piece, isTold: rest.length > 0 }
      return
    }
    const { buffer } = piece
    let { start } = piece
    const end = start + piece.length
    const bytes = Buffer.from(buffer)
    if (dropped > 0) {
      const newline = bytes.subarray(0, end).indexOf(NEWLINE, start)
      dropped += (newline < 0 ? end : newline) - start
      if (newline < 0) {
        release(buffer)
        continue
      }
      yield tooLongCut(rest, dropped, maxLineBytes, 1)
      dropped = 0
      rest = Buffer.alloc(0)
      start = newline + 1
    }
    const last = bytes.subarray(start, end).lastIndexOf(NEWLINE)
    if (last < 0) {
      rest = Buffer.concat([rest, bytes.subarray(start, end)])
      release(buffer)
      if (rest.length > maxLineBytes) {
        dropped = rest.length
        rest = Buffer.from(rest.subarray(0, MAX_KEPT_BYTES))
      }
      continue
    }
    const cut = start + last + 1
    const next = Buffer.from(bytes.subarray(cut, end))
    const lines = putInFront(rest, buffer, start, cut)
    if (lines.buffer !== buffer) release(buffer)
    yield { kind: 'lines', ...lines }
    rest = next
  }
  if (dropped > 0) yield tooLongCut(rest, dropped, maxLineBytes, 0)
  else if (rest.length > 0)
    yield { kind: 'lines', ...putInFront(rest, new SharedArrayBuffer(rest.length), 0, 0) }
}

function putInFront(rest: Buffer, buffer: SharedArrayBuffer, start: number, end: number) {
  if (rest.length <= start) {
    copyBytes(rest, new Uint8Array(buffer), start - rest.length)
    return { buffer, start: start - rest.length, length: rest.length + end - start }
  }
  const joined = new SharedArrayBuffer(rest.length + end - start)
  const target = new Uint8Array(joined)
  copyBytes(rest, target)
  copyBytes(new Uint8Array(buffer, start, end - start), target, rest.length)
  return { buffer: joined, start: 0, length: joined.byteLength }
}

function tooLongCut(rest: Buffer, bytes: number, maxLineBytes: number, newline: 0 | 1): Cut {
  return { kind: 'reject', reject: tooLong(rest, bytes, maxLineBytes), bytes, newline }
}

function brokenOff({ unread, reason }: Unread, rest: Buffer): Cut {
  const { length: bytes } = rest
  return { kind: 'reject', reject: { reason, message: unread, ...keptOf(rest, bytes) }, bytes, newline: 0 }
}
