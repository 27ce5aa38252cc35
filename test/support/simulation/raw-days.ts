import type { S3Options } from '@dayfold/local-aws/s3'
import { hashOf, mixed } from './random.ts'

/** Records per raw file: a day of 50,000 files has 5 million. */
export const RECORDS_A_FILE = 100
/** Bytes per record on average: 221 MB for 98,030 of the listings in bench/RESULTS.md. */
const RECORD_BYTES = 2257

export interface RawDaysOptions {
  readonly seed: string
  /** Raw files per day. */
  readonly files: number
  /** Returns true if there is a day below a prefix, which ends with a slash. */
  readonly isDay: (prefix: string) => boolean
  /** Time of all files, in milliseconds since 1970. */
  readonly lastModified: number
}

/**
 * Makes listings of a raw bucket whose days hold many files, none of which exists. The same seed gives the same names,
 * sizes and ETags, which are as varied as those of real files.
 */
export function rawDays({ seed, files, isDay, lastModified }: RawDaysOptions) {
  return function* (prefix: string, after: string): ReturnType<NonNullable<S3Options['listings']>[string]> {
    if (!isDay(prefix)) return
    const day = hashOf(seed + prefix)
    const start = after.startsWith(prefix) ? indexIn(after.slice(prefix.length)) + 1 : 0
    for (let index = start; index < files; index++) {
      const bits = (which: number) => mixed(day, 8 * index + which)
      const size = Math.round(RECORDS_A_FILE * RECORD_BYTES * (0.5 + bits(6) / 2 ** 32))
      const key = prefix + nameOf(index, hex(bits(0)) + hex(bits(1)))
      const etag = hex(bits(2)) + hex(bits(3)) + hex(bits(4)) + hex(bits(5))
      yield { key, etag, size, lastModified, meta: undefined }
    }
  }
}

const nameOf = (index: number, token: string) => `part-${String(index).padStart(6, '0')}-${token}.jsonl`
const indexIn = (name: string) => Number(/^part-(\d+)/.exec(name)?.[1])

/** All numbers of 16 bits as text: a backfill lists millions of files. */
const HEX = Array.from({ length: 65_536 }, (_, bits) => bits.toString(16).padStart(4, '0'))
const hex = (bits: number) => HEX[bits >>> 16]! + HEX[bits & 0xffff]!
