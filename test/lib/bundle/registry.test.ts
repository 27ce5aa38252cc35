import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { DEFAULT_READ_SETTINGS } from '../../../core/read-settings.ts'
import { PROJECT_ROOT } from '../../../lib/bundle/options.ts'
import { describeDatasets, featureVersions as versionsOf } from '../../../lib/bundle/registry.ts'

const folders: string[] = []
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })))

/** Makes a folder with these files, by relative path; its registry is `index.ts`. */
function registry(files: Readonly<Record<string, string>>, parent = tmpdir()): string {
  const folder = mkdtempSync(join(parent, 'dayfold-test-'))
  folders.push(folder)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return join(folder, 'index.ts')
}

const dataset = (name: string, extract = '({ id: record.id })', imports = '') => `
  import { defineDataset, string } from 'dayfold'
  ${imports}
  export default defineDataset({ name: '${name}', columns: { id: string() }, extract: (record: { id: string }) => ${extract} })`

const index = `
  import first from './first.ts'
  import second from './second.ts'
  export const datasets = [first, second]`

const two = {
  'index.ts': index,
  'first.ts': dataset('first'),
  'second.ts': dataset('second', '({ id: clean(record.id) })', `import { clean } from './text/clean.ts'`),
  'text/clean.ts': `export const clean = (text: string) => text.trim()`,
}

describe('describeDatasets', () => {
  it('gives names, columns and limits in the order of the registry', async () => {
    const file = registry({
      ...two,
      'first.ts': `
        import { defineDataset, list, float32, int64 } from 'dayfold'
        export default defineDataset({
          name: 'first', maxRejectedRatio: 0.2,
          columns: { n: int64().nullable(), xs: list(float32()) },
          extract: () => null,
        })`,
    })
    expect(await describeDatasets(file)).toEqual([
      {
        name: 'first',
        columns: [
          { name: 'n', kind: 'int64', nullable: true },
          { name: 'xs', kind: 'list', nullable: false, element: { kind: 'float32', nullable: false } },
        ],
        ...DEFAULT_READ_SETTINGS,
        maxRejectedRatio: 0.2,
        featureVersion: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      },
      {
        name: 'second',
        columns: [{ name: 'id', kind: 'string', nullable: false }],
        ...DEFAULT_READ_SETTINGS,
        featureVersion: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      },
    ])
  })

  it.each([
    ['a registry without datasets', 'export const data = []', /an export "datasets".*found no such export/],
    ['no datasets at all', 'export const datasets = []', /at least one dataset, found an empty array/],
    [
      'something else than a dataset',
      'export const datasets = [{ name: "x" }]',
      /datasets\[0\].*defineDataset.*object/,
    ],
    [
      'a module that is not there',
      `import x from './x.ts'; export const datasets = [x]`,
      /Could not resolve "\.\/x\.ts"/,
    ],
    ['a syntax error', 'export const datasets = [', / \(index\.ts:1:26\)$/],
    [
      'a module that ends the process',
      'process.exit(0)\nexport const datasets = []',
      /found: process\.exit\(0\) while a module loads/,
    ],
    ['a module that throws', 'throw new Error("no table")\nexport const datasets = []', /found: no table/],
  ])('names the problem of %s', async (_, text, message) => {
    await expect(describeDatasets(registry({ 'index.ts': text }))).rejects.toMatchObject({
      code: 'InvalidDataset',
      message: expect.stringMatching(message) as string,
    })
  })

  it('refuses two datasets of one name', async () => {
    const file = registry({ 'index.ts': index, 'first.ts': dataset('same'), 'second.ts': dataset('same') })
    await expect(describeDatasets(file)).rejects.toThrow('two datasets named "same"')
  })

  it('refuses a file that is not there', async () => {
    await expect(describeDatasets('/no/such/registry.ts')).rejects.toThrow(
      '/no/such/registry.ts: expected a module',
    )
  })

  it('passes on what defineDataset says of a bad name', async () => {
    const file = registry({ ...two, 'first.ts': dataset('First') })
    await expect(describeDatasets(file)).rejects.toThrow('[a-z][a-z0-9_]*')
  })

  it("finds packages in the registry's folder first, then in the project's", async () => {
    const file = registry({
      'index.ts': `import first from './first.ts'; export const datasets = [first]`,
      'first.ts': dataset(
        'first',
        '({ id: own + Parser.name + record.id })',
        `import { own } from 'own-package'; import { Parser } from 'htmlparser2'`,
      ),
      'node_modules/own-package/package.json': `{"name":"own-package","main":"main.js"}`,
      'node_modules/own-package/main.js': `exports.own = 'mine'`,
    })
    expect(await describeDatasets(file)).toHaveLength(1)
  })
})

const featureVersions = async (registry: string) => versionsOf(await describeDatasets(registry))

describe('featureVersions', () => {
  const build = join(PROJECT_ROOT, 'build')
  mkdirSync(build, { recursive: true })

  it('are the same in two folders, outside the project and inside', async () => {
    expect(await featureVersions(registry(two))).toEqual(await featureVersions(registry(two, build)))
  })

  it('are the same however dataset.ts is imported', async () => {
    const spelled = async (path: string) => {
      const text = dataset('first').replace(`'dayfold'`, JSON.stringify(path))
      const files = {
        'index.ts': `import first from './first.ts'; export const datasets = [first]`,
        'first.ts': text,
      }
      return featureVersions(registry(files, build))
    }
    const api = join(PROJECT_ROOT, 'processing/dataset.ts')
    const relativeApi = relative(join(build, 'dayfold-test-xxxxxx'), api)
    const [alias, absolute, viaRelative] = await Promise.all(['dayfold', api, relativeApi].map(spelled))
    expect(absolute).toEqual(alias)
    expect(viaRelative).toEqual(alias)
  })

  it('ignore comments and layout', async () => {
    const spaced = {
      ...two,
      'first.ts': `// a comment\n/*! kept by some bundlers */\n${dataset('first')}\n\n`,
    }
    expect(await featureVersions(registry(spaced))).toEqual(await featureVersions(registry(two)))
  })

  it('change for one dataset when its module changes', async () => {
    const before = await featureVersions(registry(two))
    const after = await featureVersions(
      registry({ ...two, 'first.ts': dataset('first', '({ id: record.id + "!" })') }),
    )
    expect(after.first).not.toBe(before.first)
    expect(after.second).toBe(before.second)
  })

  describe('and settings', () => {
    const columns = 'columns: { id: string(), tag: string() }'
    const extract = 'extract: (record: { id: string }) => ({ id: record.id, tag: TAG })'
    const version = async (settings: string, before = '', columnsOf = columns, extractOf = extract) => {
      const first = `
        import { defineDataset, string } from 'dayfold'
        const TAG = 'q'
        ${before}
        export default defineDataset({ name: 'first', ${settings} ${columnsOf}, ${extractOf} })`
      const index = `import first from './first.ts'; export const datasets = [first]`
      return (await featureVersions(registry({ 'index.ts': index, 'first.ts': first }))).first
    }
    const plain = version('')

    it.each([
      ['maxRejectedRatio: 0.5,', ''],
      ['rejectedFloor: 7, recordTimeoutSeconds: 5,', ''],
      ["rawFiles: ['zzzz*.jsonl', 'yyyy/**'], rawLayout: 'kkkk=YYYY-MM-DD',", ''],
      ["'unreadable': 'skip', /* why */ checks: [{ check: 'unique', columns: ['id'] }],", ''],
      ['get checks() { return [] },', ''],
      [
        "instanceType: 'ml.m5.large', volumeSizeGb: 5, workers: 2, maxConcurrency: 3, expectNewDataHours: 9,",
        '',
      ],
      ['maxRejectedRatio: LIMIT,', 'const LIMIT = 0.5'],
      [
        'rawFiles: [...FILES], rejectedFloor,',
        "const ALL = 'xxxxxxxx*'\nconst FILES = [ALL]\nconst rejectedFloor = 4",
      ],
    ])('stay as they are with %s %s', async (settings, before) => {
      expect(await version(settings, before)).toBe(await plain)
    })

    it('stay as they are under another name of defineDataset', async () => {
      const define = (settings: string) =>
        featureVersions(
          registry({
            'index.ts': `import first from './first.ts'; export const datasets = [first]`,
            'first.ts': `
              import { defineDataset as define, string } from 'dayfold'
              export default define({ name: 'first', ${settings} columns: { id: string() }, extract: () => null } as const)`,
          }),
        )
      expect(await define("unreadable: 'skip',")).toEqual(await define(''))
    })

    it('change with columns and extract, settings or not', async () => {
      const setting = 'rejectedFloor: 7,'
      expect(
        await version(setting, '', columns.replace('tag: string()', 'tag: string().nullable()')),
      ).not.toBe(await plain)
      expect(await version(setting, '', columns, extract.replace('TAG', 'TAG + TAG'))).not.toBe(await plain)
    })

    it('change with a constant that extract uses as well', async () => {
      const used = extract.replace('TAG', 'TAG + FLOOR')
      const of = (floor: number) => version('rejectedFloor: FLOOR,', `const FLOOR = ${floor}`, columns, used)
      expect(await of(1)).not.toBe(await of(2))
    })
  })

  it('change for one dataset when a module that it imports changes', async () => {
    const before = await featureVersions(registry(two))
    const clean = `export const clean = (text: string) => text.trim().toLowerCase()`
    const after = await featureVersions(registry({ ...two, 'text/clean.ts': clean }))
    expect(after.first).toBe(before.first)
    expect(after.second).not.toBe(before.second)
  })

  it('do not change when another dataset joins the registry', async () => {
    const before = await featureVersions(registry(two))
    const third = {
      'index.ts': `${index.replace('second]', 'second, third]')}\nimport third from './third.ts'`,
      'third.ts': dataset('third'),
    }
    const after = await featureVersions(registry({ ...two, ...third }))
    expect(after).toMatchObject(before)
    expect(Object.keys(after)).toEqual(['first', 'second', 'third'])
  })

  it('follow the whole registry for a dataset that the registry makes itself', async () => {
    const inline = (extract: string) =>
      registry({
        ...two,
        'index.ts': `${dataset('inline', extract).replace('export default', 'const inline =')}
        import first from './first.ts'
        export const datasets = [inline, first]`,
      })
    const before = await featureVersions(inline('null'))
    const after = await featureVersions(inline('[]'))
    expect(after.inline).not.toBe(before.inline)
    expect(after.first).toBe(before.first)
  })
})

it('names the place in the sources where a module fails that does not load', () => {
  const failing = registry({
    'index.ts': "import './part.ts'\nexport const datasets = []\n",
    'part.ts': "\nthrow new Error('no table')\n",
  })
  // In another process, because vitest changes stacks.
  const described = JSON.stringify(join(PROJECT_ROOT, 'lib/bundle/registry.ts'))
  const script = `const { describeDatasets } = await import(${described})
    await describeDatasets(${JSON.stringify(failing)}).catch((error) => process.stdout.write(error.message))`
  const args = ['--import', 'tsx', '--input-type=module', '-e', script]
  const said = execFileSync(process.execPath, args, { cwd: PROJECT_ROOT, encoding: 'utf8' })
  expect(said).toMatch(/modules that load, found: no table \(part\.ts:2:7\)$/)
})
