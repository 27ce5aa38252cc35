import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DEFAULT_QUALIFIER, type DeploymentPlan } from '../../client/doctor/plan.ts'
import { DayfoldError } from '../../core/errors.ts'
import type { DeployedDataset } from '../../core/deployment.ts'
import { describeDatasets } from '../../lib/bundle/registry.ts'
import { PROJECT_ROOT } from '../../lib/bundle/options.ts'
import { checkDatasets, parseConfig, PLACEHOLDER_BUCKET, type Config } from '../../lib/config.ts'
import { deploymentOf } from '../../lib/deployment.ts'

/** Settings that only some deployments have. */
type More<K extends string> = Readonly<Partial<Record<K, string>>>

/**
 * Returns the deployment that `npx cdk deploy` would make, from cdk.json and the registry of datasets.
 *
 * @param context overrides the context in cdk.json
 * @throws DayfoldError InvalidConfiguration, InvalidDataset, as synth would
 */
export async function readPlan(context: Readonly<Record<string, unknown>>): Promise<DeploymentPlan> {
  const all: Readonly<Record<string, unknown>> = { ...cdkContext(), ...context }
  const qualifier = all['@aws-cdk/core:bootstrapQualifier']
  const config: Config & More<'dataBucket' | 'kmsKeyArn' | 'imageUri'> = parseConfig(all)
  const datasets = await describeDatasets(resolve(PROJECT_ROOT, config.datasetsFile))
  checkDatasets(config, datasets)
  const { name, database, maxConcurrency, subnetIds, securityGroupIds } = config
  const { rawKeyArn, dataBucket, kmsKeyArn, imageUri, alarmEmail } = config
  return {
    ...{ name, database, maxConcurrency, subnetIds, securityGroupIds },
    ...{ rawKeyArn, dataBucket, kmsKeyArn, imageUri, alarmEmail },
    rawBucket: config.rawBucket === PLACEHOLDER_BUCKET ? undefined : config.rawBucket,
    datasets: deploymentOf(datasets, name, config).datasets.map((dataset) => planned(dataset, config)),
    qualifier: typeof qualifier === 'string' ? qualifier : DEFAULT_QUALIFIER,
  }
}

interface Wishes {
  readonly instanceType?: string
  readonly maxConcurrency?: number
}

function planned(dataset: DeployedDataset & Wishes, config: Config) {
  const { name, rawPrefix, rawLayout, timeZone, instanceType = config.instanceType, maxConcurrency } = dataset
  return { name, rawPrefix, rawLayout, timeZone, instanceType, maxConcurrency }
}

function cdkContext(): Readonly<Record<string, unknown>> {
  const file = join(PROJECT_ROOT, 'cdk.json')
  try {
    const { context } = JSON.parse(readFileSync(file, 'utf8')) as { context?: Record<string, unknown> }
    return context ?? {}
  } catch (cause) {
    const message = `${file}: expected JSON with a context, found ${String(cause)}. Restore it from the repository.`
    throw new DayfoldError('InvalidConfiguration', message, { cause })
  }
}
