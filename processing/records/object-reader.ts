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

/** The reader of lines that objects are handed to. */
export interface ObjectReaderOptions {
  readonly readLines: LineReader
  readonly maxLineBytes: number
  readonly clock: PhaseClock
}

/** Reads objects and counts what becomes of them. */
export interface ObjectReader {
  /**
   * Reads a whole object as it is stored. Returns no promise if its decoded bytes are few and feature code takes one
   * record at a time; reads it as a stream if they are many or broken.
   */
  whole(bytes: Buffer, counts: SegmentCounts): Promise<void> | void
  /** Reads whole lines of decoded text. At an object's beginning, a byte order mark is skipped. */
  lines(text: Buffer, counts: SegmentCounts, isFirst: boolean): Promise<void> | void
}

/** Returns a reader of objects on top of one of lines. */
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
