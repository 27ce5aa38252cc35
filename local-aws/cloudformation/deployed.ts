import { readJsonFileSync, writeJsonFileSync, type DocumentKind } from '../home/json-file.ts'
import { homePaths } from '../home/paths.ts'
import { versionId, type LocalVersion } from './functions.ts'
import type { LocalImage, LocalTable } from './types.ts'

/** What deployments of a home have left there for later ones. */
export interface Deployed {
  /** The highest number that a version of a function was published under, by the function's ARN. */
  readonly lastNumbers: Readonly<Record<string, number>>
  readonly versions: readonly LocalVersion[]
  readonly tables: readonly LocalTable[]
  /** Folders that images are built from, by image URI; a repository keeps what was pushed to it. */
  readonly images: readonly LocalImage[]
}

const NOTHING: Deployed = { lastNumbers: {}, versions: [], tables: [], images: [] }

const KIND: DocumentKind = {
  what: 'what was deployed last',
  members: ['lastNumbers', 'versions', 'tables', 'images'],
  remedy:
    'Delete it: functions are then published anew, and executions that began before cannot be redriven.',
}

/** @throws LocalAwsError CorruptState */
export function readDeployed(home: string | undefined): Deployed {
  if (home === undefined) return NOTHING
  return readJsonFileSync<Deployed>(homePaths(home).deployed, KIND) ?? NOTHING
}

/** Keeps what was deployed. @throws LocalAwsError CorruptState */
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
