import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { DayfoldError } from '../../core/errors.ts'
import { fingerprint, OWN_DATASETS, programsFingerprint, type FingerprintOptions } from './fingerprint.ts'
import { makeFolder } from '../../lib/bundle/make-folder.ts'
import { installsPackages, linkProgram } from '../../lib/bundle/program.ts'
import { readRegistry } from '../../lib/bundle/registry.ts'
import { IN_PLACE_OPTIONS } from '../../lib/bundle/source-places.ts'
import type { AssetManifest, Template } from '@dayfold/local-aws/cloudformation'

/** The CDK app to synthesize: its folder, context and datasets. */
export interface SynthesizeOptions {
  /** Folder with cdk.json. */
  readonly projectRoot: string
  /**
   * Context values that override those of cdk.json.
   * @default nothing
   */
  readonly context?: Readonly<Record<string, unknown>>
  /**
   * Module that exports `datasets`.
   * @default the one that the context names
   */
  readonly registry?: string
}

/** Templates and assets that a synth wrote, now or earlier. */
export interface Synthesis {
  /** Folder of the templates and their assets. Do not write to it: it is shared and used again. */
  readonly directory: string
  /** In the order of the cloud assembly's manifest; at least one. */
  readonly stacks: readonly SynthesizedStack[]
}

/** Template and asset manifest of one stack, parsed. */
export interface SynthesizedStack {
  readonly template: Template
  readonly assets: AssetManifest
}

/** Results that are kept, so that switching between a few registries stays quick. */
const KEPT = 6
/** Milliseconds after its last use for which a result is not removed. */
const IN_USE_MS = 3_600_000
/** Context key of the registry. */
const REGISTRY_KEY = 'datasetsFile'
const DEFAULT_REGISTRY = `${OWN_DATASETS}/index.ts`
const APP_FILE = 'app.mjs'

const run = promisify(execFile)

/**
 * Synthesizes the project's templates as `cdk synth` does. Returns an earlier result from `build/synth` if nothing that
 * synth reads has changed; only the newest six, and those used within the last hour, are kept. Any number of processes
 * may call it at the same time.
 *
 * @throws DayfoldError InvalidConfiguration if the app fails
 */
export async function synthesize(options: SynthesizeOptions): Promise<Synthesis> {
  const { projectRoot } = options
  const context = contextOf(options)
  const registry = resolve(projectRoot, (context[REGISTRY_KEY] as string | undefined) ?? DEFAULT_REGISTRY)
  const cache = join(projectRoot, 'build/synth')
  const directory = join(cache, await fingerprint({ projectRoot, context, registry }))
  if (!existsSync(directory)) {
    const programs = await keptPrograms(projectRoot)
    await makeFolder(directory, (folder) => runApp({ projectRoot, context, registry }, programs, folder))
    removeOld(cache)
  }
  touch(directory)
  return readAssembly(directory)
}

/**
 * Keeps a result of {@link synthesize} from being removed until the returned function is called or this process ends,
 * as Lambda functions run from its folder and a backfill takes hours.
 */
export function keepInUse({ directory }: Synthesis): () => void {
  const timer = setInterval(() => {
    if (existsSync(directory)) touch(directory)
  }, IN_USE_MS / 4).unref()
  return () => {
    clearInterval(timer)
  }
}

function touch(directory: string): void {
  const now = new Date()
  utimesSync(directory, now, now)
}

function contextOf({ projectRoot, context, registry }: SynthesizeOptions): Record<string, unknown> {
  const cdk = readJson<{ context?: Record<string, unknown> }>(join(projectRoot, 'cdk.json'))
  return { ...cdk.context, ...context, ...(registry !== undefined && { [REGISTRY_KEY]: resolve(registry) }) }
}

/** Runs the app, which writes to a folder. */
async function runApp(
  { projectRoot, context, registry }: FingerprintOptions,
  programs: string,
  folder: string,
): Promise<void> {
  const environment = {
    ...process.env,
    CDK_OUTDIR: folder,
    CDK_CONTEXT_JSON: JSON.stringify(context),
    // `cdk synth` and the tests validate the template; here that would take most of the time.
    CDK_VALIDATION: 'false',
    DAYFOLD_HANDLERS: join(programs, 'handlers'),
  }
  try {
    await run(process.execPath, ['--enable-source-maps', join(programs, APP_FILE)], {
      cwd: projectRoot,
      env: environment,
    })
    await linkPrograms(folder, registry)
  } catch (cause) {
    throw refusal(cause)
  }
}

/** Returns the error for an app that cannot be bundled or fails, with what it has said. */
function refusal(cause: unknown): DayfoldError {
  const { stderr, message } = cause as { stderr?: string; message: string }
  return new DayfoldError('InvalidConfiguration', stderr?.trim() ? stderr.trim() : message, { cause })
}

/**
 * Returns the folder of what is the same for all datasets and contexts: the bundled app, and the functions' handlers,
 * which the app adds to it.
 */
async function keptPrograms(projectRoot: string): Promise<string> {
  const cache = join(projectRoot, 'build/programs')
  const programs = join(cache, programsFingerprint(projectRoot))
  await makeFolder(programs, (folder) => bundleApp(projectRoot, join(folder, APP_FILE)))
  touch(programs)
  removeOld(cache)
  return programs
}

/** Bundles the app: loading its many modules one by one takes a second longer. */
async function bundleApp(projectRoot: string, outfile: string): Promise<void> {
  const entryPoints = [join(projectRoot, 'bin/app.ts')]
  const run = { bundle: true, platform: 'node', format: 'esm', target: 'node20', sourcemap: true } as const
  try {
    await build({
      ...IN_PLACE_OPTIONS,
      ...run,
      entryPoints,
      outfile,
      packages: 'external',
      logLevel: 'silent',
    })
  } catch (cause) {
    throw refusal(cause)
  }
}

/** Links packages that an image would install from where they are installed on this machine. */
async function linkPrograms(directory: string, registry: string): Promise<void> {
  const programs = readAssembly(directory).stacks.flatMap(({ assets }) =>
    Object.values(assets.dockerImages ?? {}).flatMap(({ source }) => source.directory ?? []),
  )
  const folders = [...new Set(programs)].map((program) => join(directory, program))
  // Few registries have packages that are not bundled, and reading one takes long.
  if (!folders.some(installsPackages)) return
  const contents = await readRegistry(registry)
  for (const folder of folders) linkProgram(folder, contents)
}

function removeOld(cache: string): void {
  const entries = readdirSync(cache)
    .map((name) => ({
      path: join(cache, name),
      usedAt: statSync(join(cache, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
    }))
    .sort((left, right) => right.usedAt - left.usedAt)
  for (const { path, usedAt } of entries.slice(KEPT)) {
    if (Date.now() - usedAt > IN_USE_MS) rmSync(path, { recursive: true, force: true })
  }
}

interface Assembly {
  readonly artifacts: Readonly<Record<string, Artifact>>
}

interface Artifact {
  readonly type: string
  readonly properties?: { readonly templateFile?: string; readonly file?: string }
  readonly dependencies?: readonly string[]
}

function readAssembly(directory: string): Synthesis {
  const { artifacts } = readJson<Assembly>(join(directory, 'manifest.json'))
  const stacks = Object.values(artifacts).filter(({ type }) => type === 'aws:cloudformation:stack')
  if (stacks.length === 0) {
    throw new DayfoldError('InvalidConfiguration', 'CDK app: expected at least one stack, found none.')
  }
  return {
    directory,
    stacks: stacks.map(({ properties, dependencies = [] }) => {
      const assets = dependencies
        .map((id) => artifacts[id])
        .find((each) => each?.type === 'cdk:asset-manifest')
      return {
        template: readJson(join(directory, properties!.templateFile!)),
        assets: assets ? readJson(join(directory, assets.properties!.file!)) : {},
      }
    }),
  }
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T
}
