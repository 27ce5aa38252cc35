import { cpSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { DEPLOYMENT_FILE, type Deployment } from '../../core/deployment.ts'
import { HANDLER_NAMES, type HandlerName } from '../../core/environment.ts'
import { makeFolder } from './make-folder.ts'
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

/** Folder of the handlers in the published package, where they are bundled already. */
const BUNDLED = join(PROJECT_ROOT, 'handlers')

/**
 * Writes what each Lambda function is deployed with: `<outDir>/<handler>/index.mjs`, which exports `handler`, and
 * `datasets.json` beside it. The modules are the same for all datasets: they come from the published package, or from the
 * folder that `DAYFOLD_HANDLERS` names, which is made by the first who needs it.
 *
 * @throws DayfoldError InvalidDataset if the handlers cannot be bundled
 */
export async function bundleHandlers(options: BundleHandlersOptions): Promise<void> {
  const handlers = options.handlers ?? HANDLER_NAMES
  const kept = existsSync(BUNDLED) ? BUNDLED : process.env['DAYFOLD_HANDLERS']
  if (kept === undefined) await buildHandlers(options.outDir, handlers)
  else {
    await makeFolder(kept, (folder) => buildHandlers(folder))
    for (const name of handlers) cpSync(join(kept, name), join(options.outDir, name), { recursive: true })
  }
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
