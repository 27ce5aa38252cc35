import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleProgram } from '../../../lib/bundle/program.ts'
import { featureVersions, readRegistry } from '../../../lib/bundle/registry.ts'
import { runDay } from '../../support/processing/day.ts'
import { readWithHyparquet } from '../../support/processing/read-parquet.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'dayfold-models-')))
afterAll(() => rmSync(root, { recursive: true }))

type Files = Readonly<Record<string, string | Buffer>>
let folders = 0

/** Makes a folder with these files, by relative path; its registry is `index.ts`. */
function registry(files: Files): string {
  const folder = join(root, String(folders++))
  for (const [path, content] of Object.entries({ 'index.ts': INDEX, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return join(folder, 'index.ts')
}

const INDEX = `import d from './features/d.ts'; export const datasets = [d]`
const module = (said: string, imports = '') => `
  import { defineDataset, string } from 'dayfold'
  ${imports}
  export default defineDataset({ name: 'd', columns: { id: string() }, ${said} })`
const withAssets = (said: string) => module(`assets: ${JSON.stringify(said)}, extract: () => null`)
const version = async (files: Files) => featureVersions((await readRegistry(registry(files))).datasets).d

/** Installs a package with a real addon, under a name of its own. */
const [platform] = readdirSync(join(dirname(createRequire(import.meta.url).resolve('snappy')), '../@napi-rs'))
const folderOfAddon = join(
  dirname(createRequire(import.meta.url).resolve('snappy')),
  '../@napi-rs',
  platform!,
)
const ADDON = readFileSync(
  join(
    folderOfAddon,
    readdirSync(folderOfAddon).find((name) => name.endsWith('.node'))!,
  ),
)
const packageJson = (name: string, version = '1.2.3', more = {}) =>
  JSON.stringify({ name, version, main: 'index.js', ...more })
const lock = (packages: object) => JSON.stringify({ name: 'x', lockfileVersion: 3, packages })
const LOCKED = {
  'node_modules/native-thing': { version: '1.2.3', dev: true, dependencies: { helper: '^1.0.0' } },
  'node_modules/helper': {
    version: '1.0.0',
    resolved: 'https://registry.npmjs.org/helper/-/helper-1.0.0.tgz',
  },
  'node_modules/unrelated': { version: '9.0.0' },
}
const NATIVE: Files = {
  'package-lock.json': lock(LOCKED),
  'node_modules/native-thing/package.json': packageJson('native-thing'),
  'node_modules/native-thing/index.js': `
    exports.size = (text) => require('./build/thing.node').compressSync(require('helper').twice(text)).length`,
  'node_modules/native-thing/build/thing.node': ADDON,
  'node_modules/helper/package.json': packageJson('helper', '1.0.0'),
  'node_modules/helper/index.js': `exports.twice = (text) => text + text`,
  'features/d.ts': module(
    `extract: ({ id }: { id: string }) => ({ id: id + size(id) })`,
    `import { size } from 'native-thing'`,
  ),
}

/** Makes the module of a dataset with a column of text, named like the module. */
const dataset = (name: string, said: string, imports = '') =>
  module(said, imports).replace(`name: 'd'`, `name: '${name}'`)

/** Modules whose bundles run as one program. */
const TOGETHER = ['file', 'shared', 'outside', 'missing', 'bare', 'native', 'beside']
const together: Files = {
  ...NATIVE,
  'package-lock.json': lock({
    ...LOCKED,
    'node_modules/wasm-thing': { version: '1.2.3' },
    'node_modules/file-thing': { version: '1.2.3' },
  }),
  'package.json': JSON.stringify({
    devDependencies: { helper: '1.0.0' },
    overrides: {
      helper: '$helper',
      'native-thing': '^1.0.0',
      'wasm-thing@1': { '.': '^1.0.0', helper: '1.0.0' },
      unrelated: '9.0.0',
    },
  }),
  'node_modules/pure/package.json': packageJson('pure'),
  'node_modules/pure/index.js': `exports.bytes = () => require('wasm-thing').bytes()`,
  'node_modules/wasm-thing/package.json': packageJson('wasm-thing'),
  'node_modules/wasm-thing/index.js': `exports.bytes = () => require('fs').readFileSync(__dirname + '/x.wasm').length`,
  'node_modules/wasm-thing/x.wasm': Buffer.alloc(7),
  'node_modules/file-thing/package.json': packageJson('file-thing'),
  'node_modules/file-thing/index.js': `exports.word = require('fs').readFileSync(__dirname + '/words.txt', 'utf8')`,
  'node_modules/file-thing/words.txt': 'word',
  'index.ts': `${TOGETHER.map((name) => `import ${name} from './features/${name}.ts'`).join('\n')}
    export const datasets = [${TOGETHER.join()}]`,
  'features/model/a.bin': 'abc',
  'features/model/sub/b.bin': 'd',
  'features/file.ts': dataset(
    'file',
    `assets: './model', setup: ({ assets }) => readFileSync(assets + '/sub/b.bin', 'utf8'),
    extractBatch: async (records: { id: string }[], model: string) => records.map(({ id }) => ({ id: id + model }))`,
    `import { readFileSync } from 'node:fs'`,
  ),
  'features/shared.ts': dataset(
    'shared',
    `assets: './model', setup: ({ sharedBytes }) => sharedBytes('a.bin'),
    extract: ({ id }: { id: string }, bytes: Buffer) => ({ id: id + bytes + (bytes.buffer instanceof SharedArrayBuffer) })`,
  ),
  'features/outside.ts': dataset(
    'outside',
    `assets: './model', setup: ({ sharedBytes }) => sharedBytes('../file/sub/b.bin'), extract: () => null`,
  ),
  'features/missing.ts': dataset(
    'missing',
    `assets: './model', setup: ({ sharedBytes }) => sharedBytes('none.bin'), extract: () => null`,
  ),
  'features/bare.ts': dataset('bare', `setup: ({ assets }) => assets, extract: () => null`),
  'features/native.ts': (NATIVE['features/d.ts'] as string).replace(`name: 'd'`, `name: 'native'`),
  'features/beside.ts': dataset(
    'beside',
    `packages: ['file-thing'], extract: ({ id }: { id: string }) => ({ id: id + bytes() + word })`,
    `import { bytes } from 'pure'; import { word } from 'file-thing'`,
  ),
}

describe('a program whose datasets bring files and packages along', () => {
  const outDir = join(root, 'program')
  const columns = [{ name: 'id', kind: 'string', nullable: false }] as const
  let contents: Awaited<ReturnType<typeof readRegistry>>
  beforeAll(async () => {
    const file = registry(together)
    contents = await readRegistry(file)
    await bundleProgram({ outDir, registry: file, contents, runsHere: true })
  })

  const run = async (name: string, id: string) => {
    const objects = { 'a.jsonl': JSON.stringify({ id }) }
    const day = await runDay(pathToFileURL(join(outDir, 'worker.mjs')), name, objects, { columns })
    return (await readWithHyparquet(day.parquet)).map((row) => row.id)
  }

  it.each([
    ['file', 'x', /^xd$/],
    ['shared', 'x', /^xabctrue$/],
    ['native', 'aaaaaaaaaaaaaaaaaaaa', /^a{20}\d+$/],
    ['beside', 'x', /^x7word$/],
  ])('gives %s what it asks for', async (name, id, expected) => {
    expect(await run(name, id)).toEqual([expect.stringMatching(expected)])
  })

  it.each([
    ['outside', 'sharedBytes: expected a file of the assets, found "../file/sub/b.bin"'],
    ['missing', 'sharedBytes: expected a file of the assets, found "none.bin"'],
    ['bare', 'expected assets, found that the dataset has none. Name their folder: assets: "./…"'],
  ])('tells %s what is not there', async (name, message) => {
    await expect(run(name, 'x')).rejects.toMatchObject({
      code: 'InvalidDataset',
      message: `Dataset "${name}": setup failed: ${message}`,
    })
  })

  it('is built into an image that installs the packages as they are locked, and nothing else', () => {
    const read = <T>(name: string) => JSON.parse(readFileSync(join(outDir, name), 'utf8')) as T
    const { dependencies, overrides } = read<{ dependencies: object; overrides: object }>('package.json')
    const { packages } = read<{ packages: Record<string, object> }>('package-lock.json')
    expect(contents.packages.map(({ name }) => name)).toEqual(['file-thing', 'native-thing', 'wasm-thing'])
    expect(dependencies).toEqual({
      snappy: expect.any(String) as string,
      ...Object.fromEntries(contents.packages.map(({ name, version }) => [name, version])),
    })
    expect(packages['']).toMatchObject({ dependencies })
    expect(packages).toMatchObject({ 'node_modules/snappy': {}, 'node_modules/helper': { version: '1.0.0' } })
    expect(packages['node_modules/native-thing']).not.toHaveProperty('dev')
    expect(packages).not.toHaveProperty('node_modules/unrelated')
    // npm refuses a lock file whose versions do not follow from these.
    expect(overrides).toEqual({
      helper: '1.0.0',
      'native-thing': '1.2.3',
      'wasm-thing@1': { '.': '1.2.3', helper: '1.0.0' },
    })
  })
})

describe('assets', () => {
  const files = {
    'features/d.ts': withAssets('./model'),
    'features/model/a.bin': 'abc',
    'features/model/sub/b.bin': 'd',
  }

  it('are in the feature version by name and bytes, but for hidden ones; comments are not', async () => {
    const before = await version(files)
    const same = { ...files, 'features/model/.DS_Store': 'x', 'features/model/.git/config': 'y' }
    expect(await version(same)).toBe(before)
    expect(await version({ ...files, 'features/d.ts': `// why\n${files['features/d.ts']}` })).toBe(before)
    expect(await version({ ...files, 'features/model/a.bin': 'abd' })).not.toBe(before)
    const { 'features/model/a.bin': moved, ...others } = files
    expect(await version({ ...others, 'features/model/c.bin': moved })).not.toBe(before)
  })

  it.each([
    ['./none', 'no such folder'],
    ['./d.ts', 'a file'],
    ['.', "the module's own folder"],
    ['../elsewhere', 'elsewhere'],
    ['/etc', 'elsewhere'],
    ['./empty', 'no file in it'],
    ['./link', 'a symbolic link'],
    ['./links', 'a symbolic link, a.bin'],
  ])('%s is refused by name', async (said, found) => {
    const file = registry({ ...files, 'elsewhere/a.bin': '', 'features/d.ts': withAssets(said) })
    const beside = join(dirname(file), 'features')
    mkdirSync(join(beside, 'empty'))
    mkdirSync(join(beside, 'links'))
    symlinkSync(join(beside, 'model'), join(beside, 'link'))
    symlinkSync(join(beside, 'model/a.bin'), join(beside, 'links/a.bin'))
    await expect(readRegistry(file)).rejects.toMatchObject({
      code: 'InvalidDataset',
      message: expect.stringMatching(
        new RegExp(
          `^Dataset "d": assets "${said.replaceAll('.', '\\.')}": expected a folder of files below .*${found}`,
        ),
      ) as string,
    })
  })
})

describe('packages that are not bundled', () => {
  it('are in the feature version by their locked versions, and those of what they need', async () => {
    const before = await version(NATIVE)
    const relocked = (name: string, version: string) =>
      lock({ ...LOCKED, [`node_modules/${name}`]: { ...LOCKED['node_modules/native-thing'], version } })
    expect(await version({ ...NATIVE, 'package-lock.json': relocked('unrelated', '10.0.0') })).toBe(before)
    expect(await version({ ...NATIVE, 'package-lock.json': relocked('helper', '1.0.1') })).not.toBe(before)
    const next = {
      ...NATIVE,
      'package-lock.json': relocked('native-thing', '1.2.4'),
      'node_modules/native-thing/package.json': packageJson('native-thing', '1.2.4'),
    }
    expect(await version(next)).not.toBe(before)
  })

  it('may have been installed under another name', async () => {
    const { packages, locked } = await readRegistry(
      registry({
        ...NATIVE,
        'package-lock.json': lock({
          ...LOCKED,
          'node_modules/native-thing': { ...LOCKED['node_modules/native-thing'], name: 'real-thing' },
        }),
        'node_modules/native-thing/package.json': packageJson('real-thing'),
      }),
    )
    expect(packages).toMatchObject([{ name: 'native-thing', spec: 'npm:real-thing@1.2.3' }])
    expect(locked['node_modules/native-thing']).toMatchObject({ name: 'real-thing' })
  })

  it('ask for a lock file, which no others do', async () => {
    const unlocked = Object.fromEntries(
      Object.entries(NATIVE).filter(([path]) => path !== 'package-lock.json'),
    )
    await expect(readRegistry(registry(unlocked))).rejects.toThrow(
      /^Package "native-thing", which is not bundled: expected a package-lock\.json at or above .*found none.*npm install/,
    )
  })

  it.each([
    [
      'another version than is installed',
      { ...LOCKED, 'node_modules/native-thing': { version: '1.2.4' } },
      /1\.2\.4, found 1\.2\.3 installed/,
    ],
    [
      'no such package',
      {},
      /expected it in .*package-lock\.json.*npm install --save-exact native-thing@1\.2\.3/,
    ],
    [
      'a link',
      { ...LOCKED, 'node_modules/helper': { version: '1.0.0', link: true, resolved: '../helper' } },
      /node_modules\/helper .*registry.*\.\.\/helper/,
    ],
    [
      'something that is missing',
      { 'node_modules/native-thing': LOCKED['node_modules/native-thing'] },
      /helper, which it needs/,
    ],
  ])('are refused by name where the lock file has %s', async (_, packages, message) => {
    await expect(readRegistry(registry({ ...NATIVE, 'package-lock.json': lock(packages) }))).rejects.toThrow(
      message,
    )
  })

  it('are refused by name where they are not installed', async () => {
    const file = registry({ 'features/d.ts': module(`packages: ['not-there'], extract: () => null`) })
    await expect(readRegistry(file)).rejects.toThrow(
      /^Package "not-there".*npm install --save-exact not-there/,
    )
  })
})
