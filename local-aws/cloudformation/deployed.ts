import { readJsonFileSync, writeJsonFileSync, type DocumentKind } from '../home/json-file.ts'
import { homePaths } from '../home/paths.ts'
import { versionId, type LocalVersion } from './functions.ts'
import type { LocalImage, LocalTable } from './types.ts'

/** Record of earlier deployments to a home. `writeDeployed` writes it to the home; the next deployment reads it. */
export interface Deployed {
  /** The highest version number that each function has been published under, by the function's ARN. */
  readonly lastNumbers: Readonly<Record<string, number>>
  readonly versions: readonly LocalVersion[]
  readonly tables: readonly LocalTable[]
  /** Folders of images by URI; a repository keeps every image that was pushed to it. */
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
 * Reads the record of a home; an empty one if there is none.
 *
 * @throws LocalAwsError CorruptState if the file cannot be read
 */
export function readDeployed(home: string | undefined): Deployed {
  if (home === undefined) return NOTHING
  return readJsonFileSync<Deployed>(homePaths(home).deployed, KIND) ?? NOTHING
}

/**
 * Records a deployment, keeping the highest version numbers so far.
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
