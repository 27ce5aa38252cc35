import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { bundleAll, type BundleAllOptions, type Bundles } from './bundle/bundle-all.ts'
import { bundleNow } from './bundle/bundle-now.ts'
import { checkDatasets, parseConfig, type Config } from './config.ts'
import type { DayfoldOptions } from './dayfold-options.ts'

/** Configuration of a deployment, with the datasets and bundles that it deploys. */
export interface Release extends Bundles {
  readonly config: Config
}

/**
 * Validates a configuration and bundles its datasets, for {@link Dayfold} and {@link DayfoldData}.
 *
 * @param options values as in the context of cdk.json; paths are relative to the working directory
 * @param outDir folder to write the bundles to; CDK copies what it needs out of it
 * @throws DayfoldError InvalidConfiguration for a value that is not allowed
 * @throws DayfoldError InvalidDataset for datasets that cannot be bundled
 */
export async function prepareRelease(
  options: Readonly<Record<string, unknown>>,
  outDir: string,
): Promise<Release> {
  const config = parseConfig(options)
  return checked({ config, ...(await bundleAll(bundlesOf(config, outDir))) })
}

const made = new Map<string, Release>()

/**
 * Does the work of {@link prepareRelease} synchronously, in a process of its own, and only once for the same options.
 * The bundles are deleted when this process ends.
 */
export function releaseOf(options: DayfoldOptions): Release {
  const config = parseConfig(ownOptions(options))
  const id = JSON.stringify([process.cwd(), config])
  const known = made.get(id)
  if (known) return known
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'dayfold-bundles-')))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const release = checked({ config, ...bundleNow(bundlesOf(config, folder)) })
  made.set(id, release)
  return release
}

const ownOptions = (options: DayfoldOptions): Readonly<Record<string, unknown>> => ({ ...options })

function checked(release: Release): Release {
  checkDatasets(release.config, release.deployment.datasets)
  return release
}

function bundlesOf(config: Config, outDir: string): BundleAllOptions {
  return { registry: resolve(config.datasetsFile), name: config.name, settings: config, outDir }
}
