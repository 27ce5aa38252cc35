import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { afterAll, expect, test } from 'vitest'
import { programImports, PROJECT_ROOT, RUNNABLE_OPTIONS } from '../../../lib/bundle/options.ts'
import { readableMaps, sourceName } from '../../../lib/bundle/readable-maps.ts'
import { placeFinder } from '../../../processing/records/places.ts'

const folder = mkdtempSync(join(tmpdir(), 'dayfold-maps-'))
afterAll(() => rmSync(folder, { recursive: true }))

const SOURCES = {
  'index.ts': `import { defineDataset, string } from 'dayfold'
import he from 'he'
import { first } from './parts/first.ts'

const extract = (record: { a: string[] }) => ({ a: he.decode(first(record.a)) })
export const datasets = [defineDataset({ name: 'recs', columns: { a: string() }, extract })]
export const fail = () => defineDataset({ name: 'No name', columns: {}, extract })
`,
  'parts/first.ts': `/** The first. */
export function first(values: string[]): string {
  return values[0]!.trim()
}
`,
  'node_modules/he/index.js': 'export default { decode: (text) => text.length.toFixed() }\n',
}

/** Bundles a registry in a folder of that name. */
async function bundleIn(name: string): Promise<string> {
  const home = join(folder, name, 'registry')
  for (const [file, text] of Object.entries(SOURCES)) {
    mkdirSync(join(home, file, '..'), { recursive: true })
    writeFileSync(join(home, file), text)
  }
  const [entry, outdir] = [join(home, 'index.ts'), join(folder, name, 'out')]
  const plugins = [programImports(entry), readableMaps(entry)]
  await build({ ...RUNNABLE_OPTIONS, entryPoints: { worker: entry }, outdir, plugins })
  return outdir
}

/** Returns the place where the stack of a call's error begins. */
function placeOf(out: string, call: string): string | undefined {
  // In another process, because vitest changes stacks.
  const script = `import { datasets, fail } from '${pathToFileURL(out).href}/worker.mjs'
    try { ${call} } catch (error) { process.stdout.write(error.stack) }`
  const stack = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  return placeFinder(`${pathToFileURL(out).href}/`)(stack)
}

test('a map stands beside its bundle, the same wherever the registry lies, and names no folder of the machine', async () => {
  const [one, other] = [await bundleIn('one'), await bundleIn('other #1/é%20 deeper')]
  const map = readFileSync(join(one, 'worker.mjs.map'), 'utf8')
  expect(map).toBe(readFileSync(join(other, 'worker.mjs.map'), 'utf8'))
  for (const part of [folder, PROJECT_ROOT, '..']) expect(map).not.toContain(part)
  expect(readFileSync(join(one, 'worker.mjs'), 'utf8')).not.toContain('sourceMappingURL')
  expect(readFileSync(join(PROJECT_ROOT, 'processing/Dockerfile'), 'utf8')).toMatch(/^COPY .* \*\.mjs\.map /m)

  // The place is in the module that throws, or in the one that called a package or the engine.
  expect(placeOf(one, 'datasets[0].extract({ a: [] })')).toBe('parts/first.ts:3:21')
  expect(placeOf(one, 'datasets[0].extract({ a: [{ trim: () => null }] })')).toBe('index.ts:5:55')
  expect(placeOf(one, 'fail()')).toBe('index.ts:7:27')
  rmSync(join(one, 'worker.mjs.map'))
  expect(placeOf(one, 'fail()')).toMatch(/^worker\.mjs:\d+:\d+$/)
})

test.each([
  ['a module of the registry', '/team/features/recs.ts', '/team/features', 'recs.ts'],
  ['one beside its folder', '/team/shared/text.ts', '/team/features', '../shared/text.ts'],
  ['a package', '/team/node_modules/.pnpm/he@1/node_modules/he/he.js', '/team/features', undefined],
  ['the engine', `${PROJECT_ROOT}/core/errors.ts`, '/team/features', 'dayfold/core/errors.ts'],
  ['the engine of a registry in the root', `${PROJECT_ROOT}/core/x.ts`, PROJECT_ROOT, 'dayfold/core/x.ts'],
  [
    'a dataset of ours',
    `${PROJECT_ROOT}/processing/datasets/jobs.ts`,
    `${PROJECT_ROOT}/processing/datasets`,
    'jobs.ts',
  ],
  [
    'a dataset below a registry in the root',
    `${PROJECT_ROOT}/features/recs.ts`,
    PROJECT_ROOT,
    'features/recs.ts',
  ],
])('%s is named for who reads of it', (_, source, home, name) => {
  expect(sourceName(source, home)).toBe(name)
})
