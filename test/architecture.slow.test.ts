import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { cruise } from 'dependency-cruiser'
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'
import { expect, onTestFinished, test } from 'vitest'

const PROJECT = join(import.meta.dirname, '..')
const RULES = 'architecture.config.js'
const options = await extractOptions(join(PROJECT, RULES))

type Sources = Readonly<Record<string, string>>

/** Returns the text of a file that imports a type from each of these modules. */
const importing = (...names: readonly string[]) =>
  [...names.map((name) => `import type { T } from '${name}'`), 'export interface T {}'].join('\n')

/** A small project that keeps all rules. */
const SOUND: Sources = {
  'core/layout.ts': importing('node:path'),
  'processing/read/source.ts': importing('../../core/layout.ts'),
  'processing/day/process-day.ts': importing('../read/source.ts'),
  'lambda/ledger/ledger.ts': importing('../../core/layout.ts'),
  'lambda/planning/plan.ts': importing('../ledger/ledger.ts'),
  'lambda/publishing/publish.ts': importing('../ledger/ledger.ts'),
  'client/load.ts': importing('../core/layout.ts'),
  'local-aws/protocol/endpoint.ts': importing(),
  'local-aws/s3/service.ts': importing('../protocol/endpoint.ts'),
  'local/deploy.ts': importing('../client/load.ts', '@dayfold/local-aws/s3'),
  'test/support/world.ts': importing('../../local/deploy.ts'),
  'test/local/deploy.test.ts': importing('../support/world.ts'),
  'bench/main.ts': importing('../test/support/world.ts', 'tool'),
  'lib/app.ts': importing('../core/layout.ts', 'needed', 'peer'),
  ...Object.fromEntries(
    ['needed', 'peer', 'tool'].map((name) => [`node_modules/${name}/index.d.ts`, importing()]),
  ),
}

const PACKAGES = {
  'package.json': {
    name: 'house',
    type: 'module',
    workspaces: ['local-aws'],
    dependencies: { needed: '1.0.0' },
    devDependencies: { peer: '1.0.0', tool: '1.0.0' },
    peerDependencies: { peer: '1.0.0' },
  },
  'local-aws/package.json': {
    name: '@dayfold/local-aws',
    version: '0.1.0',
    type: 'module',
    exports: { './s3': './s3/service.ts' },
  },
  ...Object.fromEntries(
    ['needed', 'peer', 'tool'].map((name) => [
      `node_modules/${name}/package.json`,
      { name, version: '1.0.0', types: 'index.d.ts' },
    ]),
  ),
}

function project(sources: Sources): string {
  const folder = mkdtempSync(join(tmpdir(), 'dayfold-architecture-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const packages = Object.entries(PACKAGES).map(([name, content]) => [name, JSON.stringify(content)] as const)
  for (const [name, text] of [...packages, ...Object.entries(sources)]) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  mkdirSync(join(folder, 'node_modules/@dayfold'), { recursive: true })
  symlinkSync('../../local-aws', join(folder, 'node_modules/@dayfold/local-aws'))
  return folder
}

/** Lints the sound project with these files added or replaced, as `npm run lint` does. */
async function lint(planted: Sources = {}) {
  const baseDir = project({ ...SOUND, ...planted })
  const { exitCode, output } = await cruise(['.'], { ...options, baseDir, outputType: 'err' })
  return { exitCode, broken: [...(output as string).matchAll(/error ([^:]+):/g)].map(([, rule]) => rule) }
}

test('npm run lint checks the rules on the whole project', () => {
  const { scripts } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as {
    scripts: { lint: string }
  }
  expect(scripts.lint).toBe(`eslint . && depcruise --config ${RULES} --output-type err-long .`)
})

test('a project that keeps the rules passes', async () => {
  expect(await lint()).toEqual({ exitCode: 0, broken: [] })
})

test.each<readonly [string, Sources, readonly string[]]>([
  [
    'a circle of types',
    {
      'client/a.ts': importing('./b.ts'),
      'client/b.ts': importing('./c.ts'),
      'client/c.ts': importing('./a.ts'),
    },
    ['no-circle'],
  ],
  ['an arrow up', { 'aws/objects.ts': importing('../client/load.ts') }, ['floor-of-aws']],
  ['an arrow sideways', { 'client/load.ts': importing('../lambda/ledger/ledger.ts') }, ['floor-of-client']],
  [
    'an arrow up between rooms',
    {
      'processing/read/source.ts': importing('../workers/pool.ts'),
      'processing/workers/pool.ts': importing(),
    },
    ['floor-of-processing/read'],
  ],
  [
    'an arrow sideways between rooms',
    { 'lambda/planning/plan.ts': importing('../publishing/publish.ts') },
    ['floor-of-lambda/planning'],
  ],
  ['a folder without a floor', { 'utils/text.ts': importing('../core/layout.ts') }, ['rooms-of-the-house']],
  [
    'a file between the rooms',
    { 'processing/read/source.ts': importing('../text.ts'), 'processing/text.ts': importing() },
    ['rooms-of-processing/'],
  ],
  [
    'local-aws that knows Dayfold',
    { 'local-aws/s3/service.ts': importing('../../core/layout.ts') },
    ['local-aws-stands-alone'],
  ],
  [
    'local-aws imported by its path',
    { 'local/deploy.ts': importing('../local-aws/s3/service.ts') },
    ['local-aws-by-its-name'],
  ],
  ['local-aws imported below', { 'core/layout.ts': importing('@dayfold/local-aws/s3') }, ['floor-of-core']],
  [
    'a published type from a devDependency',
    { 'core/layout.ts': importing('tool') },
    ['published-with-its-packages'],
  ],
  [
    'a test that imports a bench',
    { 'test/local/deploy.test.ts': importing('../../bench/main.ts') },
    ['floor-of-test'],
  ],
  [
    'a bench that imports a test',
    { 'bench/main.ts': importing('../test/local/deploy.test.ts') },
    ['bench-uses-test-support'],
  ],
])('%s fails', async (_, planted, broken) => {
  expect(await lint(planted)).toEqual({ exitCode: 1, broken })
})
