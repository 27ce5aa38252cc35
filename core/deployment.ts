import type { Check } from './checks.ts'
import type { ColumnSpec } from './columns.ts'
import { DayfoldError } from './errors.ts'
import type { ReadSettings } from './read-settings.ts'
import type { RunSettings } from './run-settings.ts'

/** A dataset as deployed: its module's settings, overridden by the configuration, with the version of its code. */
export interface DeployedDataset extends ReadSettings, RunSettings {
  readonly name: string
  /** Columns of the table, in order. */
  readonly columns: readonly ColumnSpec[]
  /** Digest of the dataset's minified bundle without its settings. A new version rebuilds days. */
  readonly featureVersion: string
  /** Prefix in the raw bucket, without a slash at the end; empty for the whole bucket. */
  readonly rawPrefix: string
  /** IANA zone of the days in the raw prefix. */
  readonly timeZone: string
  /** Days before today that a scheduled run covers too, for late files. */
  readonly lookbackDays: number
  /** Conditions on a day's rows, judged at its publish or by Verify. @default none */
  readonly checks?: readonly Check[]
  /** Name of the table's Glue crawler. @default none */
  readonly crawler?: string
}

/** The document `datasets.json`, which the bundler ships with every Lambda function and the image. */
export interface Deployment {
  readonly datasets: readonly DeployedDataset[]
}

/**
 * Name of the folder, beside the job's program, for assets: files such as models. Each dataset with assets has a
 * subfolder.
 */
export const ASSETS_FOLDER = 'assets'

/** Name of the file beside each bundle that holds the {@link Deployment}. */
export const DEPLOYMENT_FILE = 'datasets.json'

/**
 * Finds a dataset in a deployment by its name.
 *
 * @throws DayfoldError UnknownDataset if there is none
 */
export function deployedDataset<D extends { readonly name: string }>(
  { datasets }: { readonly datasets: readonly D[] },
  name: string,
): D {
  const dataset = datasets.find((candidate) => candidate.name === name)
  if (dataset) return dataset
  const names = datasets.map((candidate) => candidate.name).join(', ')
  throw new DayfoldError('UnknownDataset', `Dataset: expected one of ${names}, found "${name}".`)
}
