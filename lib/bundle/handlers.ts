import { cpSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { DEPLOYMENT_FILE, type Deployment } from '../../core/deployment.ts'
import { HANDLER_NAMES, type HandlerName } from '../../core/environment.ts'
import { bundleError, ownModule, PROJECT_ROOT, RUNNABLE_OPTIONS } from './options.ts'

/** Table of datasets that {@link bundleHandlers} adds to the handlers, and where it writes them. */
export interface BundleHandlersOptions {
  /** Folder to write to. */
  readonly outDir: string
  /** Datasets that are deployed, the content of each `datasets.json`. */
  readonly deployment: Deployment
  /**
   * Handlers to bundle.
   * @default all
   */
  readonly handlers?: readonly HandlerName[]
}

/**
 * Folder of the handlers in the published package, where they are bundled already: they are the same for all datasets.
 */
const BUNDLED = join(PROJECT_ROOT, 'handlers')

/**
 * Writes what each Lambda function is deployed with: `<outDir>/<handler>/index.mjs`, which exports `handler`, and
 * `datasets.json` beside it.
 *
 * @throws DayfoldError InvalidDataset if the handlers cannot be bundled
 */
export async function bundleHandlers(options: BundleHandlersOptions): Promise<void> {
  const handlers = options.handlers ?? HANDLER_NAMES
  if (existsSync(BUNDLED)) {
    for (const name of handlers) cpSync(join(BUNDLED, name), join(options.outDir, name), { recursive: true })
  } else await buildHandlers(options.outDir, handlers)
  const json = JSON.stringify(options.deployment)
  for (const name of handlers) writeFileSync(join(options.outDir, name, DEPLOYMENT_FILE), json)
}

/**
 * Writes `<outDir>/<handler>/index.mjs` for each handler, without the table of datasets. The result is the same for all
 * datasets.
 *
 * @throws DayfoldError InvalidDataset if they cannot be bundled
 */
export async function buildHandlers(
  outDir: string,
  handlers: readonly HandlerName[] = HANDLER_NAMES,
): Promise<void> {
  try {
    await build({
      ...RUNNABLE_OPTIONS,
      entryPoints: handlers.map((name) => ({
        in: ownModule(`lambda/handlers/${name}`),
        out: `${name}/index`,
      })),
      outdir: outDir,
    })
  } catch (cause) {
    throw bundleError('Lambda handlers', cause)
  }
}
