import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PROJECT_ROOT } from '../../lib/bundle/options.ts'

const folder = mkdtempSync(join(tmpdir(), 'dayfold-package-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const read = (path: string) => readFileSync(path, 'utf8')
/** The code that docs/own-app.md tells its readers to write. */
const APP = /```ts\n([^]*?)```/.exec(read(join(PROJECT_ROOT, 'docs/own-app.md')))![1]!
const DATASETS = `
import { defineDataset, int32, string } from 'dayfold'
import { number } from 'dayfold/fields/numbers'

export const datasets = [
  defineDataset({
    name: 'searches',
    columns: { search_id: string(), hits: int32().nullable() },
    maxRejectedRatio: 0.05,
    extract: (search: { id: string; hits?: unknown }) => ({ search_id: search.id, hits: number(search.hits) }),
  }),
]
`

interface Lock {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly dependencies?: Readonly<Record<string, string>>
        readonly optionalDependencies?: Readonly<Record<string, string>>
        readonly peerDependencies?: Readonly<Record<string, string>>
      }
    >
  >
}
const { packages } = JSON.parse(read(join(PROJECT_ROOT, 'package-lock.json'))) as Lock

/** Returns the places in node_modules, as in the lock file, that an install of the package fills. */
function installed(): Set<string> {
  const root = packages['']!
  const found = new Set<string>()
  const visit = (from: string, names: readonly string[]): void => {
    for (const name of names) {
      const place = placeOf(from, name)
      if (place === undefined || found.has(place)) continue
      found.add(place)
      const { dependencies, optionalDependencies } = packages[place]!
      visit(place, Object.keys({ ...dependencies, ...optionalDependencies }))
    }
  }
  visit('', Object.keys({ ...root.dependencies, ...root.peerDependencies }))
  return found
}

/** Returns the place where Node finds a package imported by another: in its own node_modules, else further up. */
function placeOf(from: string, name: string): string | undefined {
  const place = `${from === '' ? '' : `${from}/`}node_modules/${name}`
  if (place in packages) return place
  return from === ''
    ? undefined
    : placeOf(from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), name)
}

interface Packed {
  readonly filename: string
  readonly size: number
  readonly unpackedSize: number
}
let packed: Packed

beforeAll(() => {
  const told = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: PROJECT_ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  packed = (JSON.parse(told.slice(told.indexOf('[\n'))) as [Packed])[0]
  const modules = join(folder, 'node_modules')
  mkdirSync(join(modules, 'dayfold'), { recursive: true })
  execFileSync('tar', [
    'xzf',
    join(folder, packed.filename),
    '--strip-components=1',
    '-C',
    join(modules, 'dayfold'),
  ])
  for (const place of installed()) {
    if (place.lastIndexOf('node_modules/') > 0) continue
    const link = join(folder, place)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(PROJECT_ROOT, place), link)
  }
})

test('the install is small, and has nothing of the command line or this machine', () => {
  const names = [...installed()].map((place) => place.replace(/^.*node_modules\//, ''))
  expect(names).toContain('esbuild')
  expect(names.filter((name) => /duckdb|^tsx$|^commander$|^@dayfold\/|^aws-cdk$|jsonata/.test(name))).toEqual(
    [],
  )
  expect(packed.size).toBeLessThan(2e6)
  expect(packed.unpackedSize).toBeLessThan(7e6)
})

test('an app of the lines in docs/own-app.md synthesizes, with datasets of its own', () => {
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'app.mjs'), APP)
  writeFileSync(join(folder, 'datasets.ts'), DATASETS)
  const out = join(folder, 'cdk.out')
  execFileSync(process.execPath, ['app.mjs'], { cwd: folder, env: { ...process.env, CDK_OUTDIR: out } })
  const bare = (name: string) => JSON.stringify(JSON.parse(read(join(out, `${name}.template.json`))))
  const data = bare('features-data')
  const pipeline = bare('features')
  expect(data).toContain('"Name":"searches"')
  expect(data).not.toContain('"Name":"jobs"')
  expect(pipeline).toContain('createProcessingJob.sync')
  expect(pipeline).toContain('ResultWriter')
  const { dockerImages } = JSON.parse(read(join(out, 'features.assets.json'))) as {
    dockerImages: Record<string, { source: { directory: string } }>
  }
  const [image] = Object.values(dockerImages)
  expect(read(join(out, image!.source.directory, 'datasets.json'))).toContain('"name":"searches"')
})
