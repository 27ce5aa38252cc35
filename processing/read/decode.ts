import { NEWLINE, RETURN } from './bytes.ts'
import type { Compression } from '../../core/manifest.ts'
import { contentOf } from './content.ts'
import type { Piece, Unread } from './cut-lines.ts'
import { DECODERS, decompress } from './decompress.ts'
import { notJsonLines } from './text-shape.ts'

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const

type AnyIterator<T> = AsyncIterator<T, unknown> | Iterator<T, unknown>

/** The size of the object, and callbacks for its buffers and its compression. */
export interface DecodeOptions {
  /** Stored bytes of the object. */
  readonly size: number
  /** Gathers decoded pieces of compressed objects. @default each is emitted as it comes */
  readonly gather?: (pieces: AsyncIterable<Piece | Unread>) => AsyncIterable<Piece | Unread>
  /** Gets the buffers of stored pieces that were decoded. @default not called */
  readonly release?: (buffer: SharedArrayBuffer) => void
  /** Compressed bytes that are decoded at once: as many are lost if the object breaks off. @default 64 KiB */
  readonly inputBytes?: number
  /**
   * Called before the first piece with the compression of the object, undefined if there is none.
   * @default not called
   */
  readonly onContent?: (compression: Compression | undefined) => void
}

/**
 * Decodes an object by the compression that its first bytes tell. If it does not hold JSON Lines, emits only the
 * reason. If the first bytes have no LF, but a CR that is followed by more, CR ends lines and is replaced by LF.
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
 * Returns the reason why decoded bytes are not read as JSON Lines, or undefined.
 *
 * @param isWhole true if they are all of the object
 */
export function problemOf(bytes: Buffer, isWhole: boolean): string | undefined {
  const content = contentOf(bytes)
  if ('unreadable' in content) return content.unreadable
  if (content.compression !== undefined)
    return `${content.compression} within a compressed object: compressed once is expected`
  return notJsonLines(withoutMark(bytes), isWhole)
}

/**
 * True if lines end with a lone CR.
 *
 * @param isWhole true if the bytes are all of the object; if not, a CR at their end may belong to an LF
 */
export function endsLinesWithReturns(bytes: Buffer, isWhole: boolean): boolean {
  // Most objects have an LF in their first line: no more of them is looked at.
  if (bytes.includes(NEWLINE)) return false
  const first = bytes.indexOf(RETURN)
  return first >= 0 && (isWhole || first < bytes.length - 1)
}

/** Replaces each CR by an LF, in place. */
export function returnsToNewlines(bytes: Buffer): void {
  for (let at = bytes.indexOf(RETURN); at >= 0; at = bytes.indexOf(RETURN, at + 1)) bytes[at] = NEWLINE
}

/** Returns the bytes after a byte order mark, or all if there is none. */
export function withoutMark(bytes: Buffer): Buffer {
  return BYTE_ORDER_MARK.every((byte, index) => bytes[index] === byte) ? bytes.subarray(3) : bytes
}

/** Emits the same pieces and adds up their bytes. */
export async function* counted(
  pieces: AsyncIterable<Piece | Unread>,
  counts: { decoded: number },
): AsyncGenerator<Piece | Unread> {
  for await (const piece of pieces) {
    if (!('unread' in piece)) counts.decoded += piece.length
    yield piece
  }
}
