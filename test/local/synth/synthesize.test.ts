import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { HANDLER_NAMES } from '../../../core/environment.ts'
import { PROJECT_ROOT } from '../../../lib/bundle/options.ts'
import { SOURCES } from '../../../local/synth/fingerprint.ts'
import { keepInUse, synthesize } from '../../../local/synth/synthesize.ts'

// An app that writes the assembly of a CDK app, without the seconds that CDK takes, and notes that it ran.
const APP = `
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
const folder = process.env.CDK_OUTDIR
const context = JSON.parse(process.env.CDK_CONTEXT_JSON)
appendFileSync('runs.log', 'run\\n')
if (context.name === 'bad') {
  console.error('"name": expected a good one')
  process.exit(1)
}
if (context.name === 'broken') throw new Error('as broken as can be')
const write = (name: string, value: unknown) => writeFileSync(join(folder!, name), JSON.stringify(value))
write('manifest.json', {
  artifacts: {
    Stack: {
      type: 'aws:cloudformation:stack',
      properties: { templateFile: 'Stack.template.json' },
      dependencies: ['Assets'],
    },
    Data: { type: 'aws:cloudformation:stack', properties: { templateFile: 'Data.template.json' } },
    Assets: { type: 'cdk:asset-manifest', properties: { file: 'Stack.assets.json' } },
  },
})
write('Stack.template.json', { Resources: {}, Outputs: { Context: { Value: context } } })
write('Stack.assets.json', { files: { a: 1 } })
write('Data.template.json', { Resources: {} })
`

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dayfold-synth-'))
  const write = (name: string, content: string) => {
    mkdirSync(join(root, name, '..'), { recursive: true })
    writeFileSync(join(root, name), content)
  }
  write('bin/app.ts', APP)
  write('cdk.json', JSON.stringify({ context: { name: 'dayfold', rawBucket: 'raw' } }))
  write('package.json', JSON.stringify({ type: 'module' }))
  write('lib/stack.ts', 'export const a = 1')
  write('processing/datasets/index.ts', 'export const datasets = []')
  symlinkSync(resolve(import.meta.dirname, '../../../node_modules'), join(root, 'node_modules'))
})

afterEach(() => {
  rmSync(root, { recursive: true })
})

const runs = () => readFileSync(join(root, 'runs.log'), 'utf8').split('\n').length - 1
const synth = (options: object = {}) => synthesize({ projectRoot: root, ...options })
const contextOf = ({ stacks }: Awaited<ReturnType<typeof synth>>) =>
  stacks[0]!.template.Outputs!.Context!.Value

test('the app runs once while nothing changes, and sees the context with what stands above it', async () => {
  const first = await synth({ context: { name: 'other' } })
  const second = await synth({ context: { name: 'other' } })
  expect(second).toEqual(first)
  expect(contextOf(first)).toEqual({ name: 'other', rawBucket: 'raw' })
  expect(runs()).toBe(1)
})

test('each stack comes with its own assets', async () => {
  const { stacks } = await synth()
  expect(stacks.map(({ assets }) => assets)).toEqual([{ files: { a: 1 } }, {}])
})

test('the app runs again when a source, the configuration or the context changes', async () => {
  await synth()
  appendFileSync(join(root, 'lib/stack.ts'), '\n')
  await synth()
  writeFileSync(join(root, 'cdk.json'), JSON.stringify({ context: { name: 'x' } }))
  await synth()
  await synth({ context: { name: 'y' } })
  expect(runs()).toBe(4)
  expect(readdirSync(join(root, 'build/synth'))).toHaveLength(4)
})

test('another registry is passed on, and what it imports is watched', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dayfold-registry-'))
  const registry = join(folder, 'registry.ts')
  writeFileSync(
    registry,
    `import { defineDataset } from 'dayfold'\nimport { one } from './one.ts'\nexport const datasets = [defineDataset, one]`,
  )
  writeFileSync(join(folder, 'one.ts'), 'export const one = 1')
  const first = await synth({ registry })
  expect(contextOf(first)).toMatchObject({ datasetsFile: registry })
  await synth({ registry })
  expect(runs()).toBe(1)
  writeFileSync(join(folder, 'one.ts'), 'export const one = 2')
  const second = await synth({ registry })
  expect(second.directory).not.toBe(first.directory)
  writeFileSync(join(folder, 'unrelated.ts'), 'export const two = 2')
  expect((await synth({ registry })).directory).toBe(second.directory)
  rmSync(join(folder, 'one.ts'))
  await expect(synth({ registry })).rejects.toThrow(/one\.ts/)
  rmSync(folder, { recursive: true })
})

test('a registry is scanned again as soon as its imports may mean other files', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dayfold-registry-'))
  const registry = join(folder, 'registry.ts')
  const write = (name: string, content: string) => {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), content)
    // Files that changed just now are not relied on.
    utimesSync(join(folder, name), new Date(1e12), new Date(1e12))
  }
  const scans = () => readdirSync(join(root, 'build/scans')).length
  const next = async () => (await synth({ registry })).directory
  write('registry.ts', `import { one } from './one'\nexport const datasets = [one]`)
  write('one/index.ts', 'export const one = 1')
  const first = await next()
  expect(scans()).toBe(1)
  expect(await next()).toBe(first)
  write('one.ts', 'export const one = 1')
  const second = await next()
  expect(second).not.toBe(first)
  write('one.ts', `export { two as one } from './two.ts'`)
  write('two.ts', 'export const two = 2')
  const third = await next()
  expect(third).not.toBe(second)
  write('two.ts', 'export const two = 3')
  expect(await next()).not.toBe(third)
  rmSync(join(folder, 'two.ts'))
  await expect(next()).rejects.toThrow(/two\.ts/)
  rmSync(folder, { recursive: true })
})

test('what the datasets of another registry bring along is watched', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dayfold-registry-'))
  const registry = join(folder, 'registry.ts')
  const write = (name: string, content: string, changedAt = 1e12) => {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), content)
    utimesSync(join(folder, name), new Date(changedAt), new Date(changedAt))
  }
  write(
    'registry.ts',
    `import { defineDataset, string } from 'dayfold'
    const columns = { id: string() }
    export const datasets = [defineDataset({ name: 'd', columns, assets: './model', extract: () => null })]`,
  )
  write('model/deep/table', 'one')
  const seen = new Set([(await synth({ registry })).directory])
  const next = async () => {
    const { directory } = await synth({ registry })
    const isNew = !seen.has(directory)
    seen.add(directory)
    return isNew
  }
  expect(await next()).toBe(false)
  write('model/deep/table', 'two', 1.1e12)
  expect(await next()).toBe(true)
  write('model/more', 'x')
  expect(await next()).toBe(true)
  write('model/deep/more', 'x')
  expect(await next()).toBe(true)
  rmSync(join(folder, 'model/more'))
  expect(await next()).toBe(true)
  expect(await next()).toBe(false)
  rmSync(folder, { recursive: true })
})

test('the app is bundled once for all datasets and contexts, and again when it changes', async () => {
  const programs = () => readdirSync(join(root, 'build/programs'))
  await synth()
  const [first] = programs()
  await synth({ context: { name: 'other' } })
  appendFileSync(join(root, 'processing/datasets/index.ts'), '\n')
  await synth()
  expect(runs()).toBe(3)
  expect(programs()).toEqual([first])
  appendFileSync(join(root, 'bin/app.ts'), '\n')
  await synth()
  expect(programs()).toHaveLength(2)
})

test('all that the app, the functions and the job are made of is watched', async () => {
  const sources = await Promise.all([
    sourcesOf(['bin/app.ts']),
    sourcesOf(HANDLER_NAMES.map((name) => `lambda/handlers/${name}.ts`)),
    sourcesOf(['main', 'job', 'worker', 'reader'].map((name) => `processing/${name}.ts`)),
  ])
  const all = [...new Set(sources.flat())]
  expect(all.length).toBeGreaterThan(200)
  expect(all.filter((path) => !SOURCES.some((each) => path === each || path.startsWith(`${each}/`)))).toEqual(
    [],
  )
})

/** Lists the modules of the project, without packages, that a bundle of some of them is made of. */
async function sourcesOf(entryPoints: readonly string[]): Promise<string[]> {
  const options = { bundle: true, write: false, metafile: true, format: 'esm', packages: 'external' } as const
  const { metafile } = await build({
    ...options,
    absWorkingDir: PROJECT_ROOT,
    entryPoints: [...entryPoints],
    outdir: 'unused',
    external: ['virtual:*'],
    platform: 'node',
    logLevel: 'error',
  })
  return Object.keys(metafile.inputs)
}

test('two at once end with the same result, whole', async () => {
  const [first, second] = await Promise.all([synth(), synth()])
  expect(second).toEqual(first)
  expect(readdirSync(join(root, 'build/synth'))).toHaveLength(1)
  expect(readdirSync(join(root, 'build/programs'))).toHaveLength(1)
})

test('what the app says when it refuses is the error, and leaves nothing behind', async () => {
  await expect(synth({ context: { name: 'bad' } })).rejects.toThrow('"name": expected a good one')
  expect(readdirSync(join(root, 'build/synth'))).toEqual([])
})

test('an app that cannot be bundled is refused, and leaves nothing behind', async () => {
  writeFileSync(join(root, 'lib/stack.ts'), 'export const a = (')
  appendFileSync(join(root, 'bin/app.ts'), `\nimport '../lib/stack.ts'\n`)
  const error = { code: 'InvalidConfiguration', message: expect.stringContaining('stack.ts:1') as string }
  await expect(synth()).rejects.toMatchObject(error)
  expect(readdirSync(join(root, 'build/programs'))).toEqual([])
})

test('an error of the app names its line in the sources', async () => {
  await expect(synth({ context: { name: 'broken' } })).rejects.toThrow(/app\.ts:11\b[^]*as broken as can be/)
})

test('a result that is in use for hours stays, however many others come', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const used = await synth()
  const left = await synth({ context: { name: 'left' } })
  const stop = keepInUse(used)
  const longAgo = new Date(Date.now() - 2 * 3_600_000)
  for (const { directory } of [used, left]) utimesSync(directory, longAgo, longAgo)
  vi.advanceTimersByTime(3_600_000)
  stop()
  vi.useRealTimers()
  for (let count = 0; count < 6; count++) await synth({ context: { name: `other${count}` } })
  expect([used, left].map(({ directory }) => existsSync(directory))).toEqual([true, false])
})
