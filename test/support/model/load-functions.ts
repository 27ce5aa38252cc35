import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'
import type * as functions from './functions.ts'

const PROJECT = join(import.meta.dirname, '../../..')

export type Functions = typeof functions

/** A bug to plant, which the product does not have: some text of a source file is replaced before it is bundled. */
export interface Plant {
  readonly file: string
  /** Text to replace, which stands in the file exactly once. */
  readonly text: string
  readonly by: string
}

/**
 * Loads the product's functions, bundled so that uuids, pauses, time and chance come from the model, with bugs planted.
 *
 * @throws Error if the text that a bug replaces does not stand in its file exactly once
 */
export async function loadFunctions(plants: readonly Plant[] = []): Promise<Functions> {
  // Below the project, so that packages are found there, with the same classes that the model uses.
  mkdirSync(join(PROJECT, 'build'), { recursive: true })
  const folder = mkdtempSync(join(PROJECT, 'build/model-'))
  try {
    const outfile = join(folder, 'functions.mjs')
    await build({
      entryPoints: [join(import.meta.dirname, 'functions.ts')],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      packages: 'external',
      define: { 'Date.now': 'modelMachine.now', 'Math.random': 'modelMachine.random' },
      plugins: [stubs, planting(plants)],
      logLevel: 'silent',
    })
    return (await import(/* @vite-ignore */ pathToFileURL(outfile).href)) as Functions
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Modules that give the model's values in place of the machine's. */
const STUBS: Readonly<Record<string, string>> = {
  'node:crypto': `export * from 'crypto'; export const randomUUID = () => modelMachine.uuid()`,
  'node:timers/promises': `export const setTimeout = () => modelMachine.sleep()`,
}

const stubs: Plugin = {
  name: 'stubs',
  setup(build) {
    build.onResolve({ filter: /^node:(crypto|timers\/promises)$/ }, ({ path }) => ({
      path,
      namespace: 'stub',
    }))
    build.onLoad({ filter: /.*/, namespace: 'stub' }, ({ path }) => ({ contents: STUBS[path]! }))
  },
}

function planting(plants: readonly Plant[]): Plugin {
  return {
    name: 'planting',
    setup(build) {
      const left = new Set(plants)
      build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const own = plants.filter(({ file }) => file === relative(PROJECT, path))
        if (own.length === 0) return undefined
        let contents = readFileSync(path, 'utf8')
        for (const plant of own) {
          contents = planted(contents, plant)
          left.delete(plant)
        }
        return { contents, loader: 'ts' }
      })
      build.onEnd(() => {
        const [lost] = left
        if (lost) throw new Error(`${lost.file} is not part of the functions: nothing was planted in it.`)
      })
    },
  }
}

function planted(source: string, { file, text, by }: Plant): string {
  const pieces = source.split(text)
  if (pieces.length === 2) return pieces.join(by)
  throw new Error(
    `${file}: expected to find once what a bug replaces, found it ${pieces.length - 1} times:\n${text}`,
  )
}
