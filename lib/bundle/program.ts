import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { DEPLOYMENT_FILE, type Deployment } from '../../core/deployment.ts'
import {
  bundleError,
  DEFAULT_REGISTRY,
  ownModule,
  programImports,
  PROJECT_ROOT,
  RUNNABLE_OPTIONS,
} from './options.ts'
import { defaultDeployment } from '../deployment.ts'
import { registryFile } from './registry.ts'

export interface BundleProgramOptions {
  /** Folder to write to. Below the project's, where it is to run without its image: `snappy` is found from there. */
  readonly outDir: string
  /**
   * Path of the module that exports `datasets`.
   * @default processing/datasets/index.ts
   */
  readonly registry?: string
  /**
   * What goes into `datasets.json`.
   * @default the registry's datasets with default settings
   */
  readonly deployment?: Deployment
}

/** Copied beside the bundles: what the image is built from. */
export const IMAGE_FILES = ['Dockerfile', 'package.json', 'package-lock.json']

/**
 * Writes the container's program: `main.mjs`, `job.mjs`, `worker.mjs`, `reader.mjs`, `datasets.json` and the files that its
 * image is built from. The folder is the build context of the image, and runs as it is: `node main.mjs`.
 *
 * @throws DayfoldError InvalidDataset when the registry cannot be bundled
 */
export async function bundleProgram(options: BundleProgramOptions): Promise<void> {
  const registry = registryFile(options.registry ?? DEFAULT_REGISTRY)
  const deployment = options.deployment ?? (await defaultDeployment(registry))
  const source = join(PROJECT_ROOT, 'processing')
  mkdirSync(options.outDir, { recursive: true })
  try {
    await build({
      ...RUNNABLE_OPTIONS,
      entryPoints: ['main', 'job', 'worker', 'reader'].map((name) => ownModule(`processing/${name}`)),
      outdir: options.outDir,
      // A native addon cannot be bundled: the image installs it.
      external: ['snappy'],
      plugins: [programImports(registry)],
    })
  } catch (cause) {
    throw bundleError(`Program with registry ${registry}`, cause)
  }
  writeFileSync(join(options.outDir, DEPLOYMENT_FILE), JSON.stringify(deployment))
  for (const name of IMAGE_FILES) {
    if (existsSync(join(source, name))) copyFileSync(join(source, name), join(options.outDir, name))
  }
}
