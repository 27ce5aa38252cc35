import { execFile } from 'node:child_process'
import { isBuiltin } from 'node:module'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Deployment } from '../../../core/deployment.ts'
import { HANDLER_ENVIRONMENT, HANDLER_NAMES, type HandlerName } from '../../../core/environment.ts'
import { defaultDeployment } from '../../../lib/deployment.ts'
import { describeDatasets } from '../../../lib/bundle/registry.ts'
import { PROJECT_ROOT } from '../../../lib/bundle/options.ts'
import { bundleHandlers } from '../../../lib/bundle/handlers.ts'
import { bundleProgram } from '../../../lib/bundle/program.ts'

const run = promisify(execFile)
const read = (path: string) => readFileSync(path, 'utf8')
const readJson = (path: string) => JSON.parse(read(path)) as unknown

let folder: string
let registry: string
let deployment: Deployment
let kept: string

beforeAll(async () => {
  // Below the project, where packages that are not bundled are found.
  mkdirSync(join(PROJECT_ROOT, 'build'), { recursive: true })
  folder = mkdtempSync(join(PROJECT_ROOT, 'build/test-bundle-'))
  const elsewhere = mkdtempSync(join(tmpdir(), 'dayfold-registry-'))
  registry = join(elsewhere, 'registry.ts')
  writeFileSync(
    registry,
    `import { defineDataset, string } from 'dayfold'
     const only = defineDataset({ name: 'only', columns: { id: string() }, extract: () => null })
     export const datasets = [only]`,
  )
  deployment = defaultDeployment(await describeDatasets(registry))
  kept = join(folder, 'kept')
  vi.stubEnv('DAYFOLD_HANDLERS', kept)
  await Promise.all([
    bundleProgram({ outDir: join(folder, 'program'), registry }),
    bundleHandlers({ outDir: join(folder, 'handlers'), deployment }),
  ])
  rmSync(elsewhere, { recursive: true })
})

afterEach(() => vi.unstubAllEnvs())
afterAll(() => rmSync(folder, { recursive: true }))

/** Returns the packages that files of the program import when they are loaded. */
async function packagesOf(...names: string[]): Promise<string[]> {
  const entryPoints = names.map((name) => join(folder, 'program', name))
  const outdir = join(folder, 'unused')
  const options = { bundle: true, write: false, metafile: true, format: 'esm', packages: 'external' } as const
  const { metafile } = await build({ ...options, entryPoints, outdir, platform: 'node', logLevel: 'error' })
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports)
  const loaded = imports.filter(({ kind, path }) => kind === 'import-statement' && !isBuiltin(path))
  return [...new Set(loaded.map(({ path }) => path))]
}

describe('the bundled program', () => {
  it('is a folder that an image is built from', () => {
    for (const name of [
      'Dockerfile',
      'package.json',
      'package-lock.json',
      'main.mjs',
      'job.mjs',
      'worker.mjs',
      'reader.mjs',
    ]) {
      expect(readFileSync(join(folder, 'program', name), 'utf8'), name).not.toBe('')
    }
  })

  it("brings the registry's datasets with default settings", () => {
    expect(readJson(join(folder, 'program/datasets.json'))).toEqual(deployment)
    expect(deployment.datasets[0]).toMatchObject({
      name: 'only',
      rawPrefix: 'only',
      timeZone: 'UTC',
      lookbackDays: 7,
      crawler: 'dayfold--only',
    })
  })

  it('needs no package but snappy, at the version of the project', async () => {
    const { dependencies } = readJson(join(PROJECT_ROOT, 'package.json')) as { dependencies: object }
    const image = readJson(join(folder, 'program/package.json')) as { dependencies: Record<string, string> }
    expect(Object.keys(image.dependencies)).toEqual(['snappy'])
    expect(dependencies).toMatchObject(image.dependencies)
    expect(await packagesOf('main.mjs', 'job.mjs', 'worker.mjs')).toEqual(['snappy'])
    expect(await packagesOf('reader.mjs')).toEqual([])
  })

  it('starts where it lies, and says what it misses', async () => {
    const environment = { PATH: process.env['PATH'], DAYFOLD_ML_ROOT: folder }
    const started = run(process.execPath, [join(folder, 'program/main.mjs')], { env: environment })
    await expect(started).rejects.toMatchObject({
      code: 1,
      stderr: expect.not.stringContaining('ERR_MODULE') as string,
    })
  })
})

describe('a bundled handler', () => {
  it.each(HANDLER_NAMES)('%s starts with its own environment and nothing else', async (name) => {
    const file = join(folder, 'handlers', name, 'index.mjs')
    const values = HANDLER_ENVIRONMENT[name].map((variable) => [variable, '1'] as const)
    const env = Object.fromEntries([...values, ['AWS_REGION', 'us-east-1'], ['NODE_NO_WARNINGS', '1']])
    const script = `console.log(typeof (await import(${JSON.stringify(file)})).handler)`
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { env })
    expect(stdout.trim()).toBe('function')
    expect(readJson(join(folder, 'handlers', name, 'datasets.json'))).toEqual(deployment)
  })

  it('comes from the folder that is named, which the first who needs it makes', async () => {
    const [name] = HANDLER_NAMES as [HandlerName]
    expect(readdirSync(kept).sort()).toEqual([...HANDLER_NAMES].sort())
    expect(readdirSync(join(kept, name))).toEqual(['index.mjs'])
    expect(read(join(kept, name, 'index.mjs'))).toBe(read(join(folder, 'handlers', name, 'index.mjs')))

    writeFileSync(join(kept, name, 'index.mjs'), 'export const handler = 1')
    vi.stubEnv('DAYFOLD_HANDLERS', kept)
    await bundleHandlers({ outDir: join(folder, 'again'), deployment, handlers: [name] })
    expect(read(join(folder, 'again', name, 'index.mjs'))).toBe('export const handler = 1')
    expect(readJson(join(folder, 'again', name, 'datasets.json'))).toEqual(deployment)
  })
})
