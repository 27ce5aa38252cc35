import { createHash } from 'node:crypto'
import type { CheckResult } from './checks.ts'
import type { Day } from './dates.ts'
import { decodeDocument, encodeDocument, type DocumentKind } from './documents.ts'
import type { Profile } from './profile.ts'
import type { WorkKind } from './work-kind.ts'

export type { WorkKind }

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
export interface Input extends RawObject, InputCounts {
  /**
   * What became of its bytes.
   * @default not counted, as in what 0.1.0 read
   */
  readonly bytes?: InputBytes
  /**
   * Why it could not be read, or from where on, in words.
   * @default it was read to its end
   */
  readonly unread?: string
}

/** True unless nothing of an object could be read: one that broke off behind its first records was read. */
export const isRead = ({ unread, kept, dropped }: Input) => unread === undefined || kept + dropped > 0

/**
 * What became of the bytes of one raw object: `decoded = read + rejected`, and where it is not compressed
 * `decoded + unread` is its size.
 */
export interface InputBytes {
  /** Decoded bytes that were read, newlines and blank lines among them, but those of rejected records. */
  readonly read: number
  /** Decoded bytes of rejected records. */
  readonly rejected: number
  /** Stored bytes that could not be decoded: `unread` of the input says why, or a reject does. */
  readonly unread: number
  /** Decoded bytes in all, counted where they are decoded or cut into shards, apart from the reader of lines. */
  readonly decoded: number
  /**
   * What its first bytes said of its compression.
   * @default none
   */
  readonly compression?: Compression
}

/** A compression that can be read. */
export type Compression = 'gzip' | 'zstd'

/** In the order in which they are told. */
export const UNREAD_KINDS = ['hidden', 'not-data', 'excluded', 'unreadable'] as const
/**
 * Why an object below a day's raw prefix was not read. `hidden`: its name, or a folder's below the day, says that it is
 * no data. `not-data`: no bytes, or a folder's marker. `excluded`: it is none of the dataset's `rawFiles`. `unreadable`:
 * archived, of an unknown or broken content, or not to be had; one that broke off midway is among them.
 */
export type UnreadKind = (typeof UNREAD_KINDS)[number]
/** What people are told of each kind, behind a number. */
export const UNREAD_WORDS: Readonly<Record<UnreadKind, string>> = {
  hidden: 'hidden',
  'not-data': 'without data',
  excluded: 'excluded by rawFiles',
  unreadable: 'unreadable',
}
/** Objects of one kind that were not read. */
export interface UnreadCount {
  readonly count: number
  /** Stored bytes: of all that was not read of them. */
  readonly bytes: number
  /** The first key. */
  readonly first: string
  /** Why the first was not read, where that is not said by its kind. */
  readonly why?: string
}
/** Objects that were not read, by kind. */
export type UnreadObjects = Readonly<Partial<Record<UnreadKind, UnreadCount>>>

/** A Parquet or reject file with what it holds. */
export interface StoredFile {
  readonly key: string
  /** Rows of a part, lines of a reject file. */
  readonly rows: number
  readonly bytes: number
  /**
   * Of a published part, quotes removed.
   * @default not known, as in what 0.1.0 published
   */
  readonly etag?: string
}

/** Sums over a generation. */
export interface Totals extends InputCounts {
  /** Raw objects that were read, those that broke off midway among them. */
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
  /**
   * Prefix of the folder that the partition points to and all parts lie in.
   * @default the day's home
   */
  readonly location?: string
  /** In key order. */
  readonly inputs: readonly Input[]
  /**
   * Objects below the raw prefix that were not read, or not to their end, when the generation was made.
   * @default not counted
   */
  readonly unread?: UnreadObjects
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
  /**
   * Version of the engine that read the inputs.
   * @default not known
   */
  readonly engine?: string
  /**
   * What is told of each column's values: `profileOf` reads it.
   * @default not profiled, as what 0.1.0 published
   */
  readonly profile?: Profile
  /**
   * The sketches that the profile was made from, one an attempt, in key order.
   * @default none
   */
  readonly sketches?: readonly StoredFile[]
  /**
   * How the dataset's checks went when the generation was published.
   * @default there were none
   */
  readonly checks?: readonly CheckResult[]
}

/** A copy within the data bucket. */
export interface Copy {
  readonly from: string
  readonly to: string
  readonly bytes: number
}

/** A folder that no partition points to any more. Queries may still list it. */
export interface RetiredFolder {
  readonly prefix: string
  /** What is deleted once the grace is over, in the folder and of the reject files beside it: nothing else ever is. */
  readonly keys: readonly string[]
  /**
   * Whether the folder was never whole: no crawler may come upon it.
   * @default false
   */
  readonly isPartial?: boolean
}

interface AnyIntent {
  /** Tells writers apart after a lost answer: S3 answers an SDK's own retry with 412. */
  readonly nonce: string
  /** ARN of the execution whose function works on the intent: the one that opened it, or that took it over. */
  readonly holder: string
}

/** At most one new part joins the folder that the partition points to. */
export interface AddIntent extends AnyIntent {
  readonly operation: 'add'
  readonly copies: readonly Copy[]
  readonly next: Published
}

/** The whole day is copied to another folder, then the partition is pointed there. */
export interface MoveIntent extends AnyIntent {
  readonly operation: 'move'
  readonly copies: readonly Copy[]
  readonly next: Published
  /** The folder that is left, as it was listed; null for a day that has none. */
  readonly leaves: RetiredFolder | null
}

/** What is retired goes. */
export interface RetireIntent extends AnyIntent {
  readonly operation: 'retire'
}

/** The partition is pointed to the published folder again. */
export interface PointIntent extends AnyIntent {
  readonly operation: 'point'
}

/** A publish that 0.1.0 began. */
export interface FormerIntent extends AnyIntent {
  readonly operation: 'former'
  readonly kind: WorkKind
  /** Prefix of the staged files. */
  readonly staging: string
  readonly copies: readonly Copy[]
  /**
   * How far it has come. `copying`: the partition points to the staged set, in a replacement, or is about to.
   * `deleting`: all is copied, what is replaced goes. `undoing`: staged files were gone, what was copied goes.
   */
  readonly phase: 'copying' | 'deleting' | 'undoing'
  readonly next: Published
}

/** An operation in progress: whoever finds it, its lease over, can finish it. */
export type Intent = AddIntent | MoveIntent | RetireIntent | PointIntent | FormerIntent

/** The ledger of a day. */
export interface Manifest {
  readonly published: Published | null
  readonly intent: Intent | null
  /**
   * Folders that are left, until they are deleted.
   * @default none
   */
  readonly retired?: readonly RetiredFolder[]
  /** ISO time, by S3's clock, since when no partition has pointed to any of them. Set where there is one. */
  readonly retiredSince?: string
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
  version: 2,
  saysVersion: true,
  isGzipped: true,
  fields: { published: 'object or null', intent: 'object or null' },
  remedy:
    'Rebuild the day: what is there is kept aside, and an older version is used where the bucket has one.',
  mendedBy: 'rebuild',
  upgrade: (manifest) => ({ ...manifest, intent: manifest.intent && formerIntent(manifest.intent) }),
}

/** 0.1.0 had one operation and told its kinds apart; it wrote the holder where a publish was taken over, only. */
const formerIntent = (intent: Intent): FormerIntent => {
  const former = intent as FormerIntent
  return { ...former, operation: 'former', holder: former.holder ?? former.next.execution }
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

/**
 * Digest over (key, ETag, bytes) in key order: equal when a listing of the folder is what was published; empty while
 * an ETag is not known.
 */
export function partsDigest(parts: readonly Pick<StoredFile, 'key' | 'bytes' | 'etag'>[]): string {
  const hash = createHash('sha256')
  for (const { key, bytes, etag } of parts) {
    if (etag === undefined) return ''
    hash.update(`${key}\n${etag}\n${bytes}\n`)
  }
  return hash.digest('hex')
}

/** Sums over inputs and parts. */
export function totalsOf(
  inputs: readonly Input[],
  parts: readonly Pick<StoredFile, 'rows' | 'bytes'>[],
): Totals {
  const files = inputs.filter(isRead).length
  const totals = { files, rawBytes: 0, records: 0, kept: 0, dropped: 0, rejected: 0 }
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
