import type { DeployedDataset, Deployment } from '../core/deployment.ts'
import { readSettings, type ReadSettings } from '../core/read-settings.ts'
import { runSettings, type RunSettings } from '../core/run-settings.ts'
import type { DescribedDataset } from './bundle/registry.ts'
import { crawlerName, DEFAULT_NAME } from './names.ts'

type AllSettings = ReadSettings & RunSettings
type Overrides = { readonly [K in keyof AllSettings]?: AllSettings[K] | undefined }

/** Settings of one dataset in the configuration. They take precedence over those that the dataset's module sets. */
export interface DatasetSettings extends Overrides {
  /**
   * Prefix in the raw bucket, without a slash at the end.
   * @default the dataset's name
   */
  readonly rawPrefix?: string | undefined
  /**
   * IANA time zone of the days in the raw prefix.
   * @default UTC
   */
  readonly timeZone?: string | undefined
  /**
   * Days before today that a scheduled run covers as well.
   * @default 7
   */
  readonly lookbackDays?: number | undefined
}

/** Time zone of a dataset without a `timeZone`. */
export const DEFAULT_TIME_ZONE = 'UTC'
/** Days before today that a scheduled run covers for a dataset without `lookbackDays`. */
export const DEFAULT_LOOKBACK_DAYS = 7
/** Options of the configuration that change datasets: settings by dataset, and whether tables have crawlers. */
export interface DeploymentSettings {
  /** Settings by name of the dataset. */
  readonly datasets: Readonly<Record<string, DatasetSettings>>
  /** `off`: tables have no crawlers. `new-days`: a table's crawler runs after new days were published. */
  readonly crawler: 'new-days' | 'off'
}

/**
 * Returns the datasets of a registry as they are deployed, with their settings from the configuration.
 *
 * @param name `name` of the deployment, with which the crawlers' names begin
 */
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

/** Returns the datasets of a registry as they would be deployed with default settings. */
export function defaultDeployment(datasets: readonly DescribedDataset[]): Deployment {
  return deploymentOf(datasets, DEFAULT_NAME, { datasets: {}, crawler: 'new-days' })
}
