import { NEWLINE, RETURN } from './bytes.ts'
import type { Compression } from '../../core/manifest.ts'
import { contentOf } from './content.ts'
import type { Piece, Unread } from './cut-lines.ts'
import { DECODERS, decompress } from './decompress.ts'
import { notJsonLines } from './text-shape.ts'

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const

type AnyIterator<T> = AsyncIterator<T, unknown> | Iterator<T, unknown>

/** Size of an object, and callbacks for its buffers and its compression. */
export interface DecodeOptions {
  /** Stored bytes of the object. */
  readonly size: number
  /** Joins decoded pieces of a compressed object into larger ones. @default pieces are emitted as they come */
  readonly gather?: (pieces: AsyncIterable<Piece | Unread>) => AsyncIterable<Piece | Unread>
  /** Called with each buffer of stored bytes once they are decoded. @default not called */
  readonly release?: (buffer: SharedArrayBuffer) => void
  /** Compressed bytes that are decoded at a time. If the object breaks off, up to as many are lost. @default 64 KiB */
  readonly inputBytes?: number
  /**
   * Called before the first piece with the compression of the object, undefined if there is none.
   * @default not called
   */
  readonly onContent?: (compression: Compression | undefined) => void
}

/**
 * Decodes the stored pieces of an object, with the compression that its first bytes show. If the object does not hold
 * JSON Lines, only the reason is emitted. In text whose lines end with a lone CR, each CR is replaced by LF.
 */
export async function* decode(
  stored: AsyncIterable<Piece | Unread> | Iterable<Piece | Unread>,
  options: DecodeOptions,
): AsyncGenerator<Piece | Unread> {
  const { size, gather = (pieces) => pieces, release = () => {}, onContent, inputBytes } = options
  const iterator = Symbol.asyncIterator in stored ? stored[Symbol.asyncIterator]() : stored[Symbol.iterator]()
  const opened = await iterator.next()
  if (opened.done) return
  const first = opened.value
  if ('unread' in first) {
    yield first
    return
  }
  const pieces = chain([first], iterator)
  const content = contentOf(bytesOf(first))
  if ('unreadable' in content) {
    yield notRead(content.unreadable)
    return
  }
  const { compression } = content
  onContent?.(compression)
  const decoder = compression && DECODERS[compression]
  if (compression === undefined) yield* inspect(pieces)
  else if (!decoder) yield notRead(notHere(compression))
  else yield* inspect(gather(decompress(pieces, { compression, decoder, size, release, inputBytes })))
}

const notHere = (compression: Compression) =>
  `${compression}, which Node ${process.version} cannot read: 22.15 or newer can`
const notRead = (unread: string): Unread => ({ unread, reason: 'unreadable', from: 0 })
const bytesOf = ({ buffer, start, length }: Piece) => Buffer.from(buffer, start, length)

async function* chain<T>(first: Iterable<T>, others: AnyIterator<T>): AsyncGenerator<T> {
  yield* first
  for (let next = await others.next(); !next.done; next = await others.next()) yield next.value
}

/** Decoded bytes that are inspected, unless the object is shorter. */
const ENOUGH_BYTES = 64 * 1024

/** Emits the pieces if the first ones begin JSON Lines, else the reason why they do not. */
async function* inspect(pieces: AsyncIterable<Piece | Unread>): AsyncGenerator<Piece | Unread> {
  const iterator = pieces[Symbol.asyncIterator]()
  const held: (Piece | Unread)[] = []
  const sample: Buffer[] = []
  let [bytes, isWhole] = [0, false]
  while (bytes < ENOUGH_BYTES && !isWhole) {
    const next = await iterator.next()
    if (next.done) isWhole = true
    else {
      held.push(next.value)
      if ('unread' in next.value) break
      sample.push(bytesOf(next.value))
      bytes += next.value.length
    }
  }
  const start = sample.length === 1 ? sample[0]! : Buffer.concat(sample)
  // If it breaks off this early, that is the problem to report.
  const problem = held.some((piece) => 'unread' in piece) ? undefined : problemOf(start, isWhole)
  if (problem !== undefined) {
    yield notRead(problem)
    return
  }
  const hasReturns = endsLinesWithReturns(start, isWhole)
  for await (const piece of chain(held, iterator)) {
    if (hasReturns && !('unread' in piece)) returnsToNewlines(bytesOf(piece))
    yield piece
  }
}

/**
 * Returns the reason why decoded bytes are not read as JSON Lines; undefined if they are.
 *
 * @param bytes the object's first decoded bytes
 * @param isWhole true if `bytes` is the complete decoded object
 */
export function problemOf(bytes: Buffer, isWhole: boolean): string | undefined {
  const content = contentOf(bytes)
  if ('unreadable' in content) return content.unreadable
  if (content.compression !== undefined)
    return `${content.compression} within a compressed object: compressed once is expected`
  return notJsonLines(withoutMark(bytes), isWhole)
}

/**
 * True if the lines of a text end with a lone CR instead of LF.
 *
 * @param isWhole true if `bytes` is the complete text. Otherwise a CR at its end does not count, as an LF may follow
 */
export function endsLinesWithReturns(bytes: Buffer, isWhole: boolean): boolean {
  // Most objects have an LF in their first line: no more of them is looked at.
  if (bytes.includes(NEWLINE)) return false
  const first = bytes.indexOf(RETURN)
  return first >= 0 && (isWhole || first < bytes.length - 1)
}

/** Replaces each CR by an LF, within the given bytes. */
export function returnsToNewlines(bytes: Buffer): void {
  for (let at = bytes.indexOf(RETURN); at >= 0; at = bytes.indexOf(RETURN, at + 1)) bytes[at] = NEWLINE
}

/** Returns the bytes without a byte order mark at their beginning. Copies nothing. */
export function withoutMark(bytes: Buffer): Buffer {
  return BYTE_ORDER_MARK.every((byte, index) => bytes[index] === byte) ? bytes.subarray(3) : bytes
}

/** Passes pieces on unchanged, and adds their decoded bytes to `counts`. */
export async function* counted(
  pieces: AsyncIterable<Piece | Unread>,
  counts: { decoded: number },
): AsyncGenerator<Piece | Unread> {
  for await (const piece of pieces) {
    if (!('unread' in piece)) counts.decoded += piece.length
    yield piece
  }
}
