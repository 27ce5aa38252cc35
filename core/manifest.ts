import { createHash } from 'node:crypto'
import type { Day } from './dates.ts'
import { decodeDocument, encodeDocument, type DocumentKind } from './documents.ts'

/** A raw object as a listing shows it. */
export interface RawObject {
  readonly key: string
  /** As S3 returns it, quotes removed. */
  readonly etag: string
  /** Bytes. */
  readonly size: number
}

/** What became of the records of one raw object: `records = kept + dropped + rejected`. */
export interface InputCounts {
  /** Lines that held something, or broken remainders counted as one. */
  readonly records: number
  /** Records that gave at least one row. */
  readonly kept: number
  /** Records for which `extract` returned null or no rows. */
  readonly dropped: number
  readonly rejected: number
}

/** A raw object that has been processed. */
export interface Input extends RawObject, InputCounts {}

/** A Parquet or reject file with what it holds. */
export interface StoredFile {
  readonly key: string
  /** Rows of a part, lines of a reject file. */
  readonly rows: number
  readonly bytes: number
}

/** Sums over a generation. */
export interface Totals extends InputCounts {
  readonly files: number
  readonly rawBytes: number
  readonly rows: number
  readonly parts: number
  /** Bytes of all parts. */
  readonly bytes: number
}

/** What a day's table holds. */
export interface Published {
  readonly dataset: string
  readonly date: Day
  /** Counts up by one or more with each publish of the day. */
  readonly generation: number
  readonly featureVersion: string
  /** In key order. */
  readonly inputs: readonly Input[]
  readonly parts: readonly StoredFile[]
  readonly rejects: readonly StoredFile[]
  readonly totals: Totals
  /** Token of the attempt that made this generation. */
  readonly attempt: string
  /** ARN of the execution that made it. */
  readonly execution: string
  /** ISO times. */
  readonly startedAt: string
  readonly publishedAt: string
  readonly nonce: string
  /**
   * How many of the parts a consolidation would merge.
   * @default 0
   */
  readonly smallParts?: number
}

/** What kind of work a day needs. */
export type WorkKind = 'extend' | 'rebuild' | 'consolidate'

/** A publish in progress: whoever finds it, its lease over, can finish it. */
export interface Intent {
  readonly kind: WorkKind
  /** Tells writers apart after a lost answer: S3 answers an SDK's own retry with 412. */
  readonly nonce: string
  /** Prefix of the staged files. */
  readonly staging: string
  /** Staged key and published key of every file to copy. */
  readonly copies: readonly { readonly from: string; readonly to: string; readonly bytes: number }[]
  /** Published keys that go once the copies are there. */
  readonly deletes: readonly string[]
  /**
   * How far it has come. `copying`: the partition's Location is, in a replacement, or is about to be, the staged set.
   * `deleting`: all is copied, what is replaced goes. `undoing`: staged files were gone, what was copied goes.
   */
  readonly phase: 'copying' | 'deleting' | 'undoing'
  /** What will stand under `published`. */
  readonly next: Published
  /**
   * ARN of the execution whose function works on the intent: the one that opened it, or that took it over.
   * @default the execution of `next`
   */
  readonly holder?: string
}

/** The ledger of a day. */
export interface Manifest {
  readonly published: Published | null
  readonly intent: Intent | null
  /**
   * Tells one write of the manifest from every other, so that a writer whose answer was lost knows its own.
   * @default none
   */
  readonly write?: string
  /**
   * The highest generation whose publish was given up: its names are used up as well.
   * @default 0
   */
  readonly spentGeneration?: number
}

/** What is read of a day that has no manifest. */
export const EMPTY_MANIFEST: Manifest = { published: null, intent: null }

const MANIFEST: DocumentKind<Manifest> = {
  name: 'a manifest',
  version: 1,
  saysVersion: false,
  isGzipped: true,
  fields: { published: 'object or null', intent: 'object or null' },
  remedy:
    'Restore the last version of the object that can be read: the bucket keeps those that were replaced.',
}

/** The bytes of a manifest. */
export const encodeManifest = (manifest: Manifest) => encodeDocument(manifest, MANIFEST)

/**
 * The manifest that `encodeManifest` wrote.
 *
 * @param key where the bytes came from, for the message
 * @throws DayfoldError CorruptState for bytes that are something else, or were written by a newer release
 */
export const decodeManifest = (bytes: Uint8Array, key: string) => decodeDocument(bytes, key, MANIFEST)

/** Digest over (key, ETag, size) in key order: equal when the listing is the published one. */
export function inputsDigest(objects: readonly RawObject[]): string {
  const hash = createHash('sha256')
  for (const { key, etag, size } of objects) hash.update(`${key}\n${etag}\n${size}\n`)
  return hash.digest('hex')
}

/** Sums over inputs and parts. */
export function totalsOf(inputs: readonly Input[], parts: readonly StoredFile[]): Totals {
  const totals = { files: inputs.length, rawBytes: 0, records: 0, kept: 0, dropped: 0, rejected: 0 }
  for (const input of inputs) {
    totals.rawBytes += input.size
    totals.records += input.records
    totals.kept += input.kept
    totals.dropped += input.dropped
    totals.rejected += input.rejected
  }
  const rows = parts.reduce((sum, part) => sum + part.rows, 0)
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0)
  return { ...totals, rows, parts: parts.length, bytes }
}
