import { readJsonFileSync, writeJsonFileSync, type DocumentKind } from '../home/json-file.ts'
import { homePaths } from '../home/paths.ts'
import { versionId, type LocalVersion } from './functions.ts'
import type { LocalImage, LocalTable } from './types.ts'

/**
 * Record of earlier deployments, stored in the home (the folder of all state). `writeDeployed` writes it; the next
 * deployment reads it, to number versions of functions and to keep what is retained.
 */
export interface Deployed {
  /** Highest version number that was published for a function so far, by the function's ARN. */
  readonly lastNumbers: Readonly<Record<string, number>>
  /** Published versions of functions in the last deployment, retained ones included. */
  readonly versions: readonly LocalVersion[]
  /** Declared Glue tables of the last deployment, retained ones included. */
  readonly tables: readonly LocalTable[]
  /** All images that were ever deployed: a repository keeps every image that was pushed to it. */
  readonly images: readonly LocalImage[]
}

const NOTHING: Deployed = { lastNumbers: {}, versions: [], tables: [], images: [] }

const KIND: DocumentKind = {
  what: 'what was deployed last',
  members: ['lastNumbers', 'versions', 'tables', 'images'],
  remedy:
    'Delete it: functions are then published anew, and executions that began before cannot be redriven.',
}

/**
 * Reads the record of earlier deployments from a home. It is empty if nothing was deployed there, or if `home` is
 * undefined.
 *
 * @throws LocalAwsError CorruptState if the file cannot be read
 */
export function readDeployed(home: string | undefined): Deployed {
  if (home === undefined) return NOTHING
  return readJsonFileSync<Deployed>(homePaths(home).deployed, KIND) ?? NOTHING
}

/**
 * Records a deployment in a home. Replaces the earlier record, except that the highest version number of each function
 * never decreases.
 *
 * @throws LocalAwsError CorruptState if the earlier record cannot be read
 */
export function writeDeployed(
  home: string,
  { versions, tables, images }: Omit<Deployed, 'lastNumbers'>,
): void {
  const lastNumbers = { ...readDeployed(home).lastNumbers }
  for (const { arn } of versions) {
    const { functionArn, number } = versionId(arn)
    lastNumbers[functionArn] = Math.max(number, lastNumbers[functionArn] ?? 0)
  }
  writeJsonFileSync(homePaths(home).deployed, { lastNumbers, versions, tables, images } satisfies Deployed)
}
