import type { DeployedDataset, Deployment } from '../core/deployment.ts'
import { readSettings, type ReadSettings } from '../core/read-settings.ts'
import { runSettings, type RunSettings } from '../core/run-settings.ts'
import type { DescribedDataset } from './bundle/registry.ts'
import { crawlerName, DEFAULT_NAME } from './names.ts'

type AllSettings = ReadSettings & RunSettings
type Overrides = { readonly [K in keyof AllSettings]?: AllSettings[K] | undefined }

/** What configuration says of one dataset; of how it is read and run, in the place of what its module says. */
export interface DatasetSettings extends Overrides {
  /**
   * Prefix in the raw bucket, without a slash at its end.
   * @default the dataset's name
   */
  readonly rawPrefix?: string | undefined
  /**
   * IANA zone of the raw prefix's days.
   * @default UTC
   */
  readonly timeZone?: string | undefined
  /**
   * Days before today that a scheduled run covers as well.
   * @default 7
   */
  readonly lookbackDays?: number | undefined
}

export const DEFAULT_TIME_ZONE = 'UTC'
export const DEFAULT_LOOKBACK_DAYS = 7
/** What configuration says of all datasets. */
export interface DeploymentSettings {
  readonly datasets: Readonly<Record<string, DatasetSettings>>
  readonly crawler: 'new-days' | 'off'
}

/** A registry's datasets with what configuration adds to each. */
export function deploymentOf(
  datasets: readonly DescribedDataset[],
  name: string,
  { datasets: settings, crawler }: DeploymentSettings,
): Deployment {
  return {
    datasets: datasets.map((dataset) => ({
      ...deployed(dataset, settings[dataset.name] ?? {}),
      ...(crawler === 'off' ? {} : { crawler: crawlerName(name, dataset.name) }),
    })),
  }
}

function deployed(dataset: DescribedDataset, settings: DatasetSettings): Omit<DeployedDataset, 'crawler'> {
  return {
    ...dataset,
    ...readSettings(settings, dataset),
    ...runSettings(settings, dataset),
    rawPrefix: settings.rawPrefix ?? dataset.name,
    timeZone: settings.timeZone ?? DEFAULT_TIME_ZONE,
    lookbackDays: settings.lookbackDays ?? DEFAULT_LOOKBACK_DAYS,
  }
}

/** A registry's datasets with default settings. */
export function defaultDeployment(datasets: readonly DescribedDataset[]): Deployment {
  return deploymentOf(datasets, DEFAULT_NAME, { datasets: {}, crawler: 'new-days' })
}
