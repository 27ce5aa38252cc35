import { fork, type ChildProcess } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DayfoldError } from '../../core/errors.ts'
import type { RawObject } from '../../core/manifest.ts'
import { bundleTry } from '../../lib/bundle/program.ts'
import { PROJECT_ROOT } from '../../lib/bundle/options.ts'
import { registryFile } from '../../lib/bundle/registry.ts'
import { sandboxFlags } from '../../local/sandbox-flags.ts'
import { MAX_CRASHES, readCrashNotes, type Crash } from '../../processing/crashes/crash-notes.ts'
import type { TriedDataset, TriedDay, TryMessage, TrySettings } from '../../processing/try.ts'
import { NODE_FLAGS } from '../../processing/crashes/node-flags.ts'
import { failureOf } from '../../processing/workers/failures.ts'

const FOLDER = 'try-'
const DAY_MILLISECONDS = 86_400_000

/** A raw file on this machine, with the key under which messages and rejects name it. */
export interface RawFile extends RawObject {
  /** Absolute path of the file. */
  readonly path: string
}

/** Output of a dataset's feature code for some raw files. */
export interface SandboxResult extends TriedDay {
  /** Settings and columns of the dataset. */
  readonly dataset: TriedDataset
  /** Folder of the Parquet files. */
  readonly parts: string
  /** Folder of the files with rejected records. */
  readonly rejected: string
  /** Seconds of one worker, from its start to the finished files. */
  readonly seconds: number
}

/** Bundled feature code that can run on local files, in a process with no access to others. */
export interface Sandbox {
  /** Paths of the modules that were bundled, without packages. */
  readonly modules: readonly string[]
  /**
   * Runs a dataset's code on files. The output lies in a folder of the sandbox until the next run.
   *
   * @throws DayfoldError UnknownDataset, InvalidDataset, or WorkerDied, caused by what the feature code threw
   */
  run(dataset: string, files: readonly RawFile[]): Promise<SandboxResult>
  /** Removes the bundle and all output. */
  close(): void
}

/** Feature code to bundle into a {@link Sandbox}, and callbacks. */
export interface SandboxOptions {
  /** Path of the module that exports `datasets`, the list of all datasets. */
  readonly registry: string
  /** Called with a line to show about a record or a setup that takes long. */
  readonly note: (line: string) => void
  /** Kills a run and ends it with the signal's reason. @default nothing ends it */
  readonly signal?: AbortSignal | undefined
}

/**
 * Bundles feature code as for the image, to run it on local files. It runs in a process of its own, in the program's
 * folder, in UTC, without this process's environment, and can read no more files than in the image. Its output goes to
 * stderr.
 *
 * @throws DayfoldError InvalidDataset if the registry cannot be bundled
 */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const build = join(PROJECT_ROOT, 'build')
  mkdirSync(build, { recursive: true })
  sweep(build)
  // The folder is inside the project, so that packages that are not bundled are found.
  const folder = mkdtempSync(join(build, FOLDER))
  const close = () => rmSync(folder, { recursive: true, force: true })
  try {
    const modules = await bundleTry(join(folder, 'program'), options.registry)
    return { modules, run: (dataset, files) => runIn(folder, dataset, files, options), close }
  } catch (error) {
    close()
    throw error
  }
}

/** Removes folders that killed processes left behind more than a day ago. */
function sweep(build: string): void {
  for (const name of readdirSync(build).filter((each) => each.startsWith(FOLDER))) {
    const stats = statSync(join(build, name), { throwIfNoEntry: false })
    if (stats && Date.now() - stats.mtimeMs > DAY_MILLISECONDS)
      rmSync(join(build, name), { recursive: true, force: true })
  }
}

async function runIn(
  folder: string,
  dataset: string,
  files: readonly RawFile[],
  options: SandboxOptions,
): Promise<SandboxResult> {
  const outDir = join(folder, 'out')
  const settings = {
    ...{ dataset, outDir },
    inputs: files.map(({ key, etag, size }) => ({ key, etag, size })),
    paths: files.map(({ path }) => path),
  }
  const crashes: Crash[] = []
  while (crashes.length <= MAX_CRASHES) {
    for (const name of ['out', 'tmp']) {
      rmSync(join(folder, name), { recursive: true, force: true })
      mkdirSync(join(folder, name))
    }
    const ended = await runOnce(folder, { ...settings, crashes }, options)
    if ('crash' in ended) crashes.push(ended.crash)
    else return { ...ended, parts: join(outDir, 'parts'), rejected: join(outDir, 'rejected') }
  }
  const causes = crashes.map(({ cause }) => cause).join(', ')
  throw new DayfoldError(
    'WorkerDied',
    `The program: expected it to start, found that it was ended by ${causes}.`,
  )
}

type Done = Omit<SandboxResult, 'parts' | 'rejected'>
type Ended = Done | { readonly crash: Crash }

async function runOnce(folder: string, settings: TrySettings, options: SandboxOptions): Promise<Ended> {
  const notes = openSync(join(folder, 'notes'), 'w+')
  try {
    const child = start(folder, settings, notes, options)
    const stop = () => void child.kill('SIGKILL')
    options.signal?.addEventListener('abort', stop)
    const said = await listen(child, options).finally(() =>
      options.signal?.removeEventListener('abort', stop),
    )
    options.signal?.throwIfAborted()
    if ('cause' in said) return { crash: { cause: said.cause, positions: readCrashNotes(notes) } }
    return said
  } finally {
    closeSync(notes)
  }
}

/** Starts the program with the environment of the image and a writable temporary folder. */
function start(
  folder: string,
  settings: TrySettings,
  notes: number,
  { registry }: SandboxOptions,
): ChildProcess {
  const [program, temporary] = [join(folder, 'program'), join(folder, 'tmp')]
  return fork(join(program, 'try.mjs'), [JSON.stringify(settings)], {
    cwd: program,
    env: {
      PATH: process.env['PATH'],
      ...{ TZ: 'UTC', NODE_ENV: 'production', NODE_NO_WARNINGS: '1', TMPDIR: temporary },
    },
    execArgv: [
      ...NODE_FLAGS,
      ...sandboxFlags({
        program,
        modules: [program, dirname(registryFile(registry))],
        read: settings.paths,
        write: [settings.outDir, temporary],
      }),
    ],
    stdio: ['ignore', process.stderr, process.stderr, notes, 'ipc'],
  })
}

type Said = Done | { readonly cause: string }

function listen(child: ChildProcess, { note }: SandboxOptions): Promise<Said> {
  return new Promise((resolve, reject) => {
    let dataset: TriedDataset
    child.on('message', (message: TryMessage) => {
      if (message.type === 'found') dataset = message.dataset
      else if (message.type === 'slow') note(slowText(message))
      else if (message.type === 'slow setup') note(`setup has taken ${message.seconds} s and goes on.`)
      else {
        if (message.type === 'done') resolve({ ...message, dataset })
        else reject(failureOf(message))
        child.kill('SIGKILL')
      }
    })
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve({ cause: signal ?? `exit code ${code}` }))
  })
}

const slowText = ({ key, line, seconds }: Extract<TryMessage, { type: 'slow' }>) =>
  `${key}${line > 0 ? ` line ${line}` : ''} takes longer than a second; after ${seconds} s it fails the day ` +
  '(recordTimeoutSeconds).'
