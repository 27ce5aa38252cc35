import { contentOf } from '../read/content.ts'
import { addCut } from '../read/count-unread.ts'
import { cutLines } from '../read/cut-lines.ts'
import {
  counted,
  decode,
  endsLinesWithReturns,
  problemOf,
  returnsToNewlines,
  withoutMark,
} from '../read/decode.ts'
import { decodeWhole } from '../read/decompress.ts'
import type { SegmentCounts } from '../read/shard.ts'
import type { LineReader } from './line-reader.ts'
import type { PhaseClock } from './phases.ts'

/** Largest compressed object that is decoded byte by byte if it is broken, so that all that can be read is. */
const TINY_BYTES = 4096
/** Bytes of a larger broken object that are decoded at once: few are lost where it breaks off, at little cost. */
const FEW_BYTES = 512

/** Reader of lines that decoded objects are passed to, and the limit of lines. */
export interface ObjectReaderOptions {
  readonly readLines: LineReader
  /** Maximum length of a line in bytes; the record of a longer one is rejected. */
  readonly maxLineBytes: number
  /** Counts the seconds of decompression. */
  readonly clock: PhaseClock
}

/** Decodes raw objects, reads their lines and adds the outcome to counts. */
export interface ObjectReader {
  /**
   * Reads a whole object as it is stored. Returns a promise only if it must be decoded as a stream, because it is large
   * or broken, or if feature code takes batches.
   */
  whole(bytes: Buffer, counts: SegmentCounts): Promise<void> | void
  /**
   * Reads whole lines of decoded text.
   *
   * @param isFirst true at the beginning of an object, where a byte order mark is skipped
   */
  lines(text: Buffer, counts: SegmentCounts, isFirst: boolean): Promise<void> | void
}

/** Makes a reader of objects that passes decoded lines to a reader of lines. */
export function objectReader({ readLines, maxLineBytes, clock }: ObjectReaderOptions): ObjectReader {
  return {
    lines: readDecoded,
    whole(bytes, counts) {
      const content = contentOf(bytes)
      if ('unreadable' in content) return notRead(content.unreadable, bytes, counts)
      const { compression } = content
      if (compression === undefined) return readText(bytes, bytes, counts)
      counts.compression = compression
      const begun = performance.now()
      const text = decodeWhole(compression, bytes)
      clock.seconds.inflate += (performance.now() - begun) / 1000
      return text ? readText(text, bytes, counts) : readStream(bytes, counts)
    },
  }

  function readText(text: Buffer, stored: Buffer, counts: SegmentCounts): Promise<void> | void {
    const problem = problemOf(text, true)
    if (problem !== undefined) return notRead(problem, stored, counts)
    if (endsLinesWithReturns(text, true)) returnsToNewlines(text)
    counts.decoded += text.length
    return readDecoded(text, counts, true)
  }

  async function readStream(stored: Buffer, counts: SegmentCounts): Promise<void> {
    let isFirst = true
    const { length: size } = stored
    const inputBytes = size <= TINY_BYTES ? 1 : FEW_BYTES
    for await (const cut of cutLines(
      counted(decode([pieceOf(stored)], { size, inputBytes }), counts),
      maxLineBytes,
    )) {
      if (cut.kind === 'lines')
        await readDecoded(Buffer.from(cut.buffer, cut.start, cut.length), counts, isFirst)
      else addCut(counts, cut, size)
      isFirst = false
    }
  }

  function readDecoded(text: Buffer, counts: SegmentCounts, isFirst: boolean): Promise<void> | void {
    const lines = isFirst ? withoutMark(text) : text
    counts.bytes += text.length - lines.length
    return readLines(lines, counts)
  }
}

function notRead(why: string, { length: bytes }: Buffer, counts: SegmentCounts): void {
  counts.unread = { why, bytes }
}

const pieceOf = ({ buffer, byteOffset: start, length }: Buffer) => ({
  buffer: buffer as unknown as SharedArrayBuffer,
  start,
  length,
})
