import { join } from 'node:path'
import type { Deployment } from '../../core/deployment.ts'
import { deploymentOf, type DeploymentSettings } from '../deployment.ts'
import { bundleHandlers } from './handlers.ts'
import { bundleProgram } from './program.ts'
import { readRegistry } from './registry.ts'

/** Datasets and settings from which {@link bundleAll} makes bundles, and where it writes them. */
export interface BundleAllOptions {
  /** Path of the module that exports `datasets`, the list of all datasets. */
  readonly registry: string
  /** The `name` of the configuration. */
  readonly name: string
  /** Settings that the configuration makes for the datasets. */
  readonly settings: DeploymentSettings
  /** Folder to write to. */
  readonly outDir: string
}

/** Everything that the bundler makes for a deployment: the table of datasets, and the code of jobs and functions. */
export interface Bundles {
  /** Datasets with their settings and feature versions, as `datasets.json` holds them. */
  readonly deployment: Deployment
  /** Folder that holds the bundled program: see `bundleProgram`. */
  readonly program: string
  /** Folder that holds the bundled handlers: see `bundleHandlers`. */
  readonly handlers: string
}

/**
 * Bundles the program of the jobs and the Lambda handlers for the datasets of a registry.
 *
 * @throws DayfoldError InvalidDataset if the registry cannot be bundled
 */
export async function bundleAll({ registry, name, settings, outDir }: BundleAllOptions): Promise<Bundles> {
  const contents = await readRegistry(registry)
  const deployment = deploymentOf(contents.datasets, name, settings)
  const bundles = { program: join(outDir, 'program'), handlers: join(outDir, 'handlers') }
  await Promise.all([
    bundleProgram({ outDir: bundles.program, registry, deployment, contents }),
    bundleHandlers({ outDir: bundles.handlers, deployment }),
  ])
  return { deployment, ...bundles }
}
