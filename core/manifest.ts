import { createHash } from 'node:crypto'
import type { CheckResult } from './checks.ts'
import type { Day } from './dates.ts'
import { decodeDocument, encodeDocument, type DocumentKind } from './documents.ts'
import type { Profile } from './profile.ts'
import type { WorkKind } from './work-kind.ts'

export type { WorkKind }

/** A raw object (a file in the raw bucket), as S3 lists it. */
export interface RawObject {
  /** Key in the raw bucket. */
  readonly key: string
  /** ETag without its quotes. */
  readonly etag: string
  /** Stored bytes. */
  readonly size: number
}

/** Number of records of one raw object, by outcome: `records = kept + dropped + rejected`. */
export interface InputCounts {
  /** Records, valid or not; an unreadable remainder of the object counts as one. Blank lines do not count. */
  readonly records: number
  /** Records that gave at least one row. */
  readonly kept: number
  /** Records for which `extract` returned null or no rows. */
  readonly dropped: number
  /** Records that gave no row because they are broken. */
  readonly rejected: number
}

/** A processed raw object with the outcome of its records. The job counts them, the manifest keeps the counts. */
export interface Input extends RawObject, InputCounts {
  /**
   * Outcome of its bytes.
   * @default not counted, as in 0.1.0
   */
  readonly bytes?: InputBytes
  /**
   * Reason, in words, that the object could not be read to its end.
   * @default it was read to its end
   */
  readonly unread?: string
}

/** True if at least a part of a raw object was read. An object that broke off after its first records was read. */
export const isRead = ({ unread, kept, dropped }: Input) => unread === undefined || kept + dropped > 0

/**
 * Number of bytes of one raw object, by outcome: `decoded = read + rejected`. If it is not compressed, `decoded +
 * unread` is its size.
 */
export interface InputBytes {
  /** Decoded bytes that were read, including newlines and blank lines but not rejected records. */
  readonly read: number
  /** Decoded bytes of rejected records. */
  readonly rejected: number
  /** Stored bytes that could not be decoded. The input's `unread` or a reject gives the reason. */
  readonly unread: number
  /**
   * All decoded bytes, counted by the decoder or by the cut into shards, independently of the line reader, as a
   * cross-check.
   */
  readonly decoded: number
  /**
   * Compression, detected by the first bytes.
   * @default none
   */
  readonly compression?: Compression
}

/** Compressions of raw objects that can be read. */
export type Compression = 'gzip' | 'zstd'

/** Kinds of unread objects below a day's raw prefix, in the order in which counts list them. */
export const UNREAD_KINDS = ['hidden', 'not-data', 'excluded', 'unreadable'] as const
/**
 * Reason that an object below a day's raw prefix was not read. `hidden`: its name or a folder below the day marks it as
 * no data. `not-data`: it is empty or stands for a folder. `excluded`: it matches none of the dataset's `rawFiles`.
 * `unreadable`: archived, unknown or broken content, or no access; includes objects that broke off midway.
 */
export type UnreadKind = (typeof UNREAD_KINDS)[number]
/** Words for each kind of unread object, which follow its number in messages, such as `2 hidden`. */
export const UNREAD_WORDS: Readonly<Record<UnreadKind, string>> = {
  hidden: 'hidden',
  'not-data': 'without data',
  excluded: 'excluded by rawFiles',
  unreadable: 'unreadable',
}
/** Number, size and an example of a day's unread objects of one kind. */
export interface UnreadCount {
  readonly count: number
  /** Stored bytes that were not read. */
  readonly bytes: number
  /** Key of the first object, in key order. */
  readonly first: string
  /** Reason for the first object. @default the kind is the reason */
  readonly why?: string
}
/** Unread objects of a day by kind. A kind without objects is absent. */
export type UnreadObjects = Readonly<Partial<Record<UnreadKind, UnreadCount>>>

/** A Parquet, reject or sketch file in the data bucket, as job reports and manifests list it. */
export interface StoredFile {
  readonly key: string
  /** Rows of a part, lines of a reject file, rows that a sketch describes. */
  readonly rows: number
  /** Size of the file. */
  readonly bytes: number
  /**
   * ETag of a published part, without its quotes.
   * @default unknown, as in 0.1.0
   */
  readonly etag?: string
}

/** Sums over the raw objects and parts of a generation. */
export interface Totals extends InputCounts {
  /** Raw objects that were read, including those that broke off midway. */
  readonly files: number
  /** Stored bytes of all raw objects that were processed. */
  readonly rawBytes: number
  /** Rows of all parts. */
  readonly rows: number
  /** Number of parts. */
  readonly parts: number
  /** Total bytes of all parts. */
  readonly bytes: number
}

/** A published generation: the rows that readers see of a day, and the raw objects that they were made from. */
export interface Published {
  readonly dataset: string
  readonly date: Day
  /** Number of the generation, from 1. Each publish of the day increases it by at least one. */
  readonly generation: number
  /** Version of the feature code that made the rows. */
  readonly featureVersion: string
  /**
   * Prefix of the folder that the partition points to and that holds all parts.
   * @default the day's home
   */
  readonly location?: string
  /** Processed raw objects, in key order. */
  readonly inputs: readonly Input[]
  /**
   * Objects below the raw prefix that were not read to their end when the generation was made.
   * @default not counted
   */
  readonly unread?: UnreadObjects
  /** Parquet files, in key order. */
  readonly parts: readonly StoredFile[]
  /** Files with the rejected records. */
  readonly rejects: readonly StoredFile[]
  readonly totals: Totals
  /** Token of the attempt that made the generation. */
  readonly attempt: string
  /** ARN of the execution that made the generation. */
  readonly execution: string
  /** ISO time at which the job's program started. */
  readonly startedAt: string
  /** ISO time of the publish. */
  readonly publishedAt: string
  /** Random text by which the writer of a publish recognizes its own write after a lost answer. */
  readonly nonce: string
  /**
   * ISO time of the latest publish of the day that brought more records than the one before, and so new data.
   * @default unknown, as in 0.1.0, or there was none
   */
  readonly newDataAt?: string
  /**
   * Number of parts that a consolidation would merge.
   * @default 0
   */
  readonly smallParts?: number
  /**
   * Version of the oldest engine that read any of the inputs.
   * @default unknown
   */
  readonly engine?: string
  /**
   * Statistics of the columns; read them with `profileOf`.
   * @default not profiled, as in 0.1.0
   */
  readonly profile?: Profile
  /**
   * Sketches that the profile was made from, one per attempt, in key order.
   * @default none
   */
  readonly sketches?: readonly StoredFile[]
  /**
   * Results of the dataset's checks at the publish.
   * @default it had no checks
   */
  readonly checks?: readonly CheckResult[]
}

/** A server-side copy within the data bucket that is a part of a publish. */
export interface Copy {
  /** Key. */
  readonly from: string
  /** Key. */
  readonly to: string
  /** Size of the object. */
  readonly bytes: number
}

/**
 * A folder that no partition points to any more, with keys to delete. Running queries may still list it. A dropped ADD
 * leaves one of the folder that readers see, whose keys all lie outside of it.
 */
export interface RetiredFolder {
  /** Prefix of the folder, with a slash at the end. */
  readonly prefix: string
  /**
   * Keys to delete once the grace is over: files of the folder, and reject files and sketches outside it. Nothing else
   * is ever deleted.
   */
  readonly keys: readonly string[]
  /**
   * True if the folder was never complete, so that no crawler may find it.
   * @default false
   */
  readonly isPartial?: boolean
}

interface AnyIntent {
  /**
   * Unique to this intent, so that its writer recognizes its own write after a lost answer: S3 answers an SDK's retry
   * with 412.
   */
  readonly nonce: string
  /** ARN of the execution whose function works on the intent, by opening it or taking it over. */
  readonly holder: string
}

/** An unfinished publish that adds at most one new part to the folder that the partition points to. */
export interface AddIntent extends AnyIntent {
  readonly operation: 'add'
  /** Copies from staging that readers get to see. */
  readonly copies: readonly Copy[]
  /** Published generation once the intent is finished. */
  readonly next: Published
}

/** An unfinished publish that copies the whole day to another folder, then points the partition there. */
export interface MoveIntent extends AnyIntent {
  readonly operation: 'move'
  /** Copies into the new folder, from staging and from the folder that the day leaves. */
  readonly copies: readonly Copy[]
  /** Published generation once the intent is finished. */
  readonly next: Published
  /** The folder that the day leaves, as it was listed; null if it has none. */
  readonly leaves: RetiredFolder | null
}

/** An unfinished deletion of the recorded keys of all retired folders. */
export interface RetireIntent extends AnyIntent {
  readonly operation: 'retire'
}

/** An unfinished correction of the catalog that points the partition to the published folder again. */
export interface PointIntent extends AnyIntent {
  readonly operation: 'point'
}

/** An unfinished publish that release 0.1.0 began. */
export interface FormerIntent extends AnyIntent {
  readonly operation: 'former'
  readonly kind: WorkKind
  /** Prefix of the staged files. */
  readonly staging: string
  /** Copies from staging into the day's ordinary folder. */
  readonly copies: readonly Copy[]
  /**
   * Progress of the publish. `copying`: the partition points to the staged files, or is about to. `deleting`: all files
   * are copied, replaced ones are being deleted. `undoing`: staged files were gone, copies are being deleted.
   */
  readonly phase: 'copying' | 'deleting' | 'undoing'
  /** Published generation once the intent is finished. */
  readonly next: Published
}

/**
 * An operation on a day that its manifest announces before it begins, with everything that is needed to finish it. Once
 * the writer's lease (its time to finish undisturbed) is over, anybody who finds it can finish it.
 */
export type Intent = AddIntent | MoveIntent | RetireIntent | PointIntent | FormerIntent

/**
 * The ledger of a day, stored as `manifest.json.gz`. The functions write it under conditions, so that each write
 * replaces exactly the version that was read.
 */
export interface Manifest {
  /** The generation that readers see; null if none is published. */
  readonly published: Published | null
  /** The operation in progress; null if there is none. */
  readonly intent: Intent | null
  /**
   * Folders that the day has left, until they are deleted.
   * @default none
   */
  readonly retired?: readonly RetiredFolder[]
  /**
   * ISO time, by S3's clock, since when no partition has pointed to a retired folder. The grace runs from here. Set if
   * any folder is retired.
   */
  readonly retiredSince?: string
  /**
   * Nonce of this write, by which a writer whose answer was lost recognizes its own.
   * @default none
   */
  readonly write?: string
  /**
   * Highest generation whose publish was given up. Its file names are used up too.
   * @default 0
   */
  readonly spentGeneration?: number
}

/** Manifest assumed for a day that has none: nothing is published, and no operation is in progress. */
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

/** Converts an intent of 0.1.0, which had a single operation and stored the holder only after a takeover. */
const formerIntent = (intent: Intent): FormerIntent => {
  const former = intent as FormerIntent
  return { ...former, operation: 'former', holder: former.holder ?? former.next.execution }
}

/** Encodes a manifest as the gzipped JSON that is stored as `manifest.json.gz`. */
export const encodeManifest = (manifest: Manifest) => encodeDocument(manifest, MANIFEST)

/**
 * Decodes a manifest that this release or an older one wrote.
 *
 * @param key where the bytes came from, for the message
 * @throws DayfoldError CorruptState if the bytes are no manifest, or a newer release wrote them
 */
export const decodeManifest = (bytes: Uint8Array, key: string) => decodeDocument(bytes, key, MANIFEST)

/**
 * Returns a digest of the keys, ETags and sizes of raw objects. A day's raw files are unchanged if the digest of their
 * listing equals the published one.
 *
 * @param objects in key order
 */
export function inputsDigest(objects: readonly RawObject[]): string {
  const hash = createHash('sha256')
  for (const { key, etag, size } of objects) hash.update(`${key}\n${etag}\n${size}\n`)
  return hash.digest('hex')
}

/**
 * Returns a digest of the keys, ETags and sizes of a day's parts; empty if an ETag is unknown. A day's folder is
 * undamaged if the digest of its listing equals the published one.
 *
 * @param parts in key order
 */
export function partsDigest(parts: readonly Pick<StoredFile, 'key' | 'bytes' | 'etag'>[]): string {
  const hash = createHash('sha256')
  for (const { key, bytes, etag } of parts) {
    if (etag === undefined) return ''
    hash.update(`${key}\n${etag}\n${bytes}\n`)
  }
  return hash.digest('hex')
}

/** Returns the totals of a generation: counts and bytes, summed over its raw objects and its parts. */
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
