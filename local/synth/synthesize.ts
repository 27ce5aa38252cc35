import { execFile } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { DayfoldError } from '../../core/errors.ts'
import { fingerprint, type FingerprintOptions } from './fingerprint.ts'
import { installsPackages, linkProgram } from '../../lib/bundle/program.ts'
import { readRegistry } from '../../lib/bundle/registry.ts'
import type { AssetManifest, Template } from '@dayfold/local-aws/cloudformation'

export interface SynthesizeOptions {
  /** Folder that holds cdk.json. */
  readonly projectRoot: string
  /**
   * What stands above the context of cdk.json.
   * @default nothing
   */
  readonly context?: Readonly<Record<string, unknown>>
  /**
   * Module that exports `datasets`, in place of the one that the context names.
   * @default the one of the configuration
   */
  readonly registry?: string
}

/** What synth wrote. */
export interface Synthesis {
  /** Folder of the templates and their assets. Not to be written to. */
  readonly directory: string
  /** In the order of the manifest. */
  readonly stacks: readonly SynthesizedStack[]
}

/** What synth wrote of one stack. */
export interface SynthesizedStack {
  readonly template: Template
  readonly assets: AssetManifest
}

/** Results that are kept: a few, so that switching between registries stays quick. */
const KEPT = 6
/** A result that was used so lately may be in use. */
const IN_USE_MS = 3_600_000
/** The context key of the registry. */
const REGISTRY_KEY = 'datasetsFile'
const DEFAULT_REGISTRY = 'processing/datasets/index.ts'

const run = promisify(execFile)

/**
 * The project's templates, synthesized as `cdk synth` does it, or as an earlier call left it in `build/synth` when
 * nothing that synth reads has changed since. Any number of processes may do so at once.
 *
 * @throws DayfoldError InvalidConfiguration when the app refuses
 */
export async function synthesize(options: SynthesizeOptions): Promise<Synthesis> {
  const { projectRoot } = options
  const context = contextOf(options)
  const registry = resolve(projectRoot, (context[REGISTRY_KEY] as string | undefined) ?? DEFAULT_REGISTRY)
  const cache = join(projectRoot, 'build/synth')
  const directory = join(cache, await fingerprint({ projectRoot, context, registry }))
  if (!existsSync(directory)) {
    mkdirSync(cache, { recursive: true })
    await runApp({ projectRoot, context, registry }, cache, directory)
    removeOld(cache)
  }
  touch(directory)
  return readAssembly(directory)
}

/**
 * Keeps a result from being removed for as long as this process runs or until what it returns is called: functions run
 * out of it, and a backfill takes hours.
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

/** Whoever is first puts the folder in place, whole: a second one takes what it finds. */
async function runApp(
  { projectRoot, context, registry }: FingerprintOptions,
  cache: string,
  directory: string,
): Promise<void> {
  const temporary = mkdtempSync(join(cache, '.new-'))
  const environment = {
    ...process.env,
    CDK_OUTDIR: temporary,
    CDK_CONTEXT_JSON: JSON.stringify(context),
    // Checking the template is what `cdk synth` and the tests do; here it would cost most of the time.
    CDK_VALIDATION: 'false',
  }
  try {
    await run(process.execPath, ['--import', 'tsx', 'bin/app.ts'], { cwd: projectRoot, env: environment })
    await linkPrograms(temporary, registry)
    renameSync(temporary, directory)
  } catch (cause) {
    rmSync(temporary, { recursive: true, force: true })
    if (existsSync(directory)) return
    const { stderr, message } = cause as { stderr?: string; message: string }
    throw new DayfoldError('InvalidConfiguration', stderr?.trim() ? stderr.trim() : message, { cause })
  }
}

/** What an image installs, the programs find where it is installed on this machine. */
async function linkPrograms(directory: string, registry: string): Promise<void> {
  const programs = readAssembly(directory).stacks.flatMap(({ assets }) =>
    Object.values(assets.dockerImages ?? {}).flatMap(({ source }) => source.directory ?? []),
  )
  const folders = [...new Set(programs)].map((program) => join(directory, program))
  // Few registries have packages that are not bundled; it takes its time to read one.
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
