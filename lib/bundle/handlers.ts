import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { DEPLOYMENT_FILE, type Deployment } from '../../core/deployment.ts'
import { HANDLER_NAMES, type HandlerName } from '../../core/environment.ts'
import { bundleError, PROJECT_ROOT, RUNNABLE_OPTIONS } from './options.ts'

export interface BundleHandlersOptions {
  readonly outDir: string
  /** What goes into each `datasets.json`. */
  readonly deployment: Deployment
  /**
   * The handlers to bundle.
   * @default all
   */
  readonly handlers?: readonly HandlerName[]
}

/** Writes `<outDir>/<handler>/index.mjs`, which exports `handler`, and `datasets.json` beside it, for each handler. */
export async function bundleHandlers(options: BundleHandlersOptions): Promise<void> {
  const handlers = options.handlers ?? HANDLER_NAMES
  try {
    await build({
      ...RUNNABLE_OPTIONS,
      entryPoints: handlers.map((name) => ({
        in: join(PROJECT_ROOT, `lambda/handlers/${name}.ts`),
        out: `${name}/index`,
      })),
      outdir: options.outDir,
    })
  } catch (cause) {
    throw bundleError('Lambda handlers', cause)
  }
  const json = JSON.stringify(options.deployment)
  for (const name of handlers) writeFileSync(join(options.outDir, name, DEPLOYMENT_FILE), json)
}
