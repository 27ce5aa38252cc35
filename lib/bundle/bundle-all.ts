import { join } from 'node:path'
import type { Deployment } from '../../core/deployment.ts'
import { deploymentOf, type DeploymentSettings } from '../deployment.ts'
import { bundleHandlers } from './handlers.ts'
import { bundleProgram } from './program.ts'
import { readRegistry } from './registry.ts'

/** Datasets and settings to bundle for, and where to. */
export interface BundleAllOptions {
  /** Path of the module that exports `datasets`. */
  readonly registry: string
  /** The `name` of the configuration. */
  readonly name: string
  /** Settings of the configuration for the datasets. */
  readonly settings: DeploymentSettings
  /** Folder to write to. */
  readonly outDir: string
}

/** The parts of a deployment that the bundler makes. */
export interface Bundles {
  readonly deployment: Deployment
  /** Folder that holds the bundled program: see `bundleProgram`. */
  readonly program: string
  /** Folder that holds the bundled handlers: see `bundleHandlers`. */
  readonly handlers: string
}

/**
 * Bundles program and handlers for the datasets of a registry.
 *
 * @throws DayfoldError InvalidDataset when the registry cannot be bundled
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
