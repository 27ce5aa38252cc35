import { decodeDocument, decodeDocuments, orCorrupt, type DocumentKind } from '../../core/documents.ts'
import { DayfoldError } from '../../core/errors.ts'
import type { DatasetDay } from '../../core/dataset-day.ts'
import type { CollectInput } from '../../core/messages.ts'
import { decodeItems } from '../../core/run-documents.ts'
import { readDocument, type Bucket } from '../../aws/objects.ts'

/**
 * Record of one child execution in the result files of a Distributed Map. `Input` and `Output` are JSON texts.
 * https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
 */
export interface ChildResult {
  /** The Map's item with the execution's settings, as JSON. */
  readonly Input: string
  /** Outcome of the day, as JSON; only of a child that succeeded. */
  readonly Output?: string
  /** `SUCCEEDED`, `FAILED`, `TIMED_OUT`, `ABORTED` or, if it never ran, `PENDING`. */
  readonly Status: string
  /** Name of the error; only of a child that failed. */
  readonly Error?: string
  /** Message of the error, or JSON that describes the failed task. */
  readonly Cause?: string
  /** ISO time; undefined for an item whose child was never started. */
  readonly StopDate?: string
  /**
   * True for a stand-in: the file that describes the child cannot be read, and nothing is known of the child.
   * @default false
   */
  readonly isUntold?: true
}

interface ResultFile {
  readonly Key: string
}

interface ResultManifest {
  readonly ResultFiles: Readonly<Partial<Record<'SUCCEEDED' | 'FAILED' | 'PENDING', readonly ResultFile[]>>>
}

/** Settings of both kinds of files, which Step Functions writes. */
const WRITTEN = {
  version: 1,
  saysVersion: false,
  isGzipped: false,
  remedy:
    'What became of its days stands in their ledger: dayfold status tells it. Start the execution again.',
} as const
const MANIFEST: DocumentKind<ResultManifest> = {
  ...WRITTEN,
  name: 'the manifest of Map results',
  fields: { ResultFiles: 'object' },
}
const CHILD: DocumentKind<ChildResult> = {
  ...WRITTEN,
  name: 'the result of a child',
  fields: { Input: 'string', Status: 'string' },
}

/**
 * Reads the records of all children of a Map. Holds them all: about 2 KB per day. An item without a readable record
 * gets a stand-in with status FAILED and the reason.
 *
 * @throws DayfoldError CorruptState if neither the records nor the items of the Map can be read
 */
export async function readMapResults(
  bucket: Bucket,
  { plan, results }: CollectInput,
): Promise<ChildResult[]> {
  const files = await orCorrupt(() => resultFiles(bucket, results.Key))
  if (files instanceof DayfoldError) return await untold(bucket, plan.items.key, [], files)
  const told: ChildResult[] = []
  let problem: DayfoldError | undefined
  for (const { Key } of files) {
    const children = await orCorrupt(() => readWritten(bucket, Key, decodeChildren))
    if (children instanceof DayfoldError) problem ??= children
    else told.push(...children)
  }
  return problem ? [...told, ...(await untold(bucket, plan.items.key, told, problem))] : told
}

const decodeChildren = (bytes: Uint8Array, key: string) => decodeDocuments(bytes, key, CHILD)

async function resultFiles(bucket: Bucket, key: string): Promise<ResultFile[]> {
  const { ResultFiles: files } = await readWritten(bucket, key, (bytes) =>
    decodeDocument(bytes, key, MANIFEST),
  )
  return [...(files.SUCCEEDED ?? []), ...(files.FAILED ?? []), ...(files.PENDING ?? [])]
}

async function readWritten<T>(
  bucket: Bucket,
  key: string,
  decode: (bytes: Uint8Array, key: string) => T,
): Promise<T> {
  const value = await readDocument(bucket, key, decode)
  if (value !== undefined) return value
  throw new DayfoldError('CorruptState', `${key}: expected Map results, found no object. ${WRITTEN.remedy}`)
}

/** Makes stand-ins for the children that `told` does not contain. */
async function untold(
  bucket: Bucket,
  itemsKey: string,
  told: readonly ChildResult[],
  problem: DayfoldError,
): Promise<ChildResult[]> {
  const items = await readDocument(bucket, itemsKey, decodeItems)
  if (!items) throw problem
  const known = new Set(told.map(({ Input }) => nameOf(JSON.parse(Input) as DatasetDay)))
  return items
    .filter((item) => !known.has(nameOf(item)))
    .map((item) => ({
      Input: JSON.stringify(item),
      Status: 'FAILED',
      Error: problem.code,
      Cause: problem.message,
      isUntold: true,
    }))
}

const nameOf = ({ dataset, date }: DatasetDay) => `${dataset}/${date}`
