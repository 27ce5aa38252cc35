import type { Check } from './checks.ts'
import type { ColumnSpec } from './columns.ts'
import { DayfoldError } from './errors.ts'
import type { ReadSettings } from './read-settings.ts'
import type { RunSettings } from './run-settings.ts'

/** A dataset as it is deployed: what its module says, what configuration adds, and the version of its code. */
export interface DeployedDataset extends ReadSettings, RunSettings {
  readonly name: string
  readonly columns: readonly ColumnSpec[]
  /** Digest of the dataset's minified bundle, its settings left out. */
  readonly featureVersion: string
  /** Prefix in the raw bucket, without a slash at its end. */
  readonly rawPrefix: string
  /** IANA zone of the raw prefix's days. */
  readonly timeZone: string
  readonly lookbackDays: number
  /** @default none */
  readonly checks?: readonly Check[]
  /** @default none */
  readonly crawler?: string
}

/** `datasets.json`: the one table that ships with every Lambda function and with the image. */
export interface Deployment {
  readonly datasets: readonly DeployedDataset[]
}

/** Name of the folder, beside the program, that holds a folder of assets for each dataset that has some. */
export const ASSETS_FOLDER = 'assets'

/** Name of the file, beside each bundle. */
export const DEPLOYMENT_FILE = 'datasets.json'

/**
 * The deployed dataset of that name.
 *
 * @throws DayfoldError UnknownDataset when there is none
 */
export function deployedDataset(deployment: Deployment, name: string): DeployedDataset {
  const dataset = deployment.datasets.find((candidate) => candidate.name === name)
  if (dataset) return dataset
  const names = deployment.datasets.map((candidate) => candidate.name).join(', ')
  throw new DayfoldError('UnknownDataset', `Dataset: expected one of ${names}, found "${name}".`)
}
