import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { afterAll, expect, test } from 'vitest'
import { RUNNABLE_OPTIONS } from '../../../lib/bundle/options.ts'
import { parsedData } from '../../../lib/bundle/parsed-data.ts'

const folder = mkdtempSync(join(tmpdir(), 'dayfold-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Large enough to be worth it. */
const FILL = 'x'.repeat(300_000)

/** Bundles a module of a package, and returns the bundle with what it exports. */
async function bundled(name: string, source: string): Promise<{ text: string; exported: unknown }> {
  const home = join(folder, 'node_modules', name)
  mkdirSync(home, { recursive: true })
  writeFileSync(join(home, 'index.js'), source)
  writeFileSync(join(folder, `${name}.js`), `export * from '${name}'`)
  const [entry, outfile] = [join(folder, `${name}.js`), join(folder, `${name}.mjs`)]
  const options = { ...RUNNABLE_OPTIONS, outExtension: {}, absWorkingDir: folder, plugins: [parsedData()] }
  const { outputFiles } = await build({ ...options, entryPoints: [entry], outfile, write: false })
  writeFileSync(outfile, outputFiles[0]!.contents)
  return { text: outputFiles[0]!.text, exported: { ...(await import(pathToFileURL(outfile).href)) } }
}

test('a large object of data is a text for JSON.parse, with the same values in the same order', async () => {
  const table = `{type:'it\\'s "XS" \\"S\\"',$0 : "it's \\"M\\"",0:'am',2.5:1e-7,'-':[-0,1e999,],'Ünï\\u2028\\\\':[true,null,{44:[-1]}],fill:'${FILL}'}`
  const { text, exported } = await bundled(
    'table',
    `\uFEFF/* © */\n// of 60\nexport const data = ${table};\n`,
  )
  expect(text).toContain('JSON.parse(')
  const expected = {
    type: `it's "XS" "S"`,
    $0: `it's "M"`,
    0: 'am',
    2.5: 1e-7,
    '-': [-0, Infinity],
    'Ünï\u2028\\': [true, null, { 44: [-1] }],
    fill: FILL,
  }
  expect(exported).toEqual({ data: expected })
  expect(Object.keys((exported as { data: object }).data)).toEqual(Object.keys(expected))
})

const others = {
  small: `export const data = { one: 1 }`,
  octal: `export const data = { ten: 0o12, fill: '${FILL}' }`,
  'octal-name': `export const data = { 0o12: 10, fill: '${FILL}' }`,
  'long-name': `export const data = { 1.0: 10, fill: '${FILL}' }`,
  escape: `export const data = { a: '\\x41', fill: '${FILL}' }`,
  'quoted-escape': `export const data = { a: "\\'", fill: '${FILL}' }`,
  hole: `export const data = { some: [1,,2], fill: '${FILL}' }`,
  undefined: `export const data = { none: undefined, fill: '${FILL}' }`,
  date: `export const data = { day: new Date(0), fill: '${FILL}' }`,
  function: `export const data = { run: () => 1, fill: '${FILL}' }`,
  chance: `export const data = { one: Math.random(), fill: '${FILL}' }`,
  getter: `export const data = { get one() { return 1 }, fill: '${FILL}' }`,
  member: `export const data = { one: process.pid, fill: '${FILL}' }`,
  element: `export const data = { one: process ['pid'], fill: '${FILL}' }`,
  'tagged-template': 'export const data = { one: String.raw`1`, fill: ' + `'${FILL}' }`,
  'hidden-in-comments': `export const data = { /* don't */ one: Math.random(), /* won't */ fill: '${FILL}' }`,
  prototype: `export const data = { __proto__: { one: 1 }, fill: '${FILL}' }`,
  'two-exports': `export const data = { one: 1, fill: '${FILL}' }\nexport const more = 2`,
  imports: `export const data = { one: more, fill: '${FILL}' }\nimport { more } from './more.js'`,
}

test.each(Object.entries(others))('other modules stay as they are: %s', async (name, source) => {
  const home = join(folder, 'node_modules', name)
  mkdirSync(home, { recursive: true })
  writeFileSync(join(home, 'more.js'), 'export const more = 3')
  const { text } = await bundled(name, source)
  expect(text).not.toContain('JSON.parse(')
})
