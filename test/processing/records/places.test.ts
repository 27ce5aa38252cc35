import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { ENGINE_SOURCES, placeFinder } from '../../../processing/records/places.ts'
import { mappingsOf } from '../../../processing/records/source-map.ts'

const parent = mkdtempSync(join(tmpdir(), 'dayfold-places-'))
afterAll(() => rmSync(parent, { recursive: true }))

/** Line 1 is of a package, line 2 of the engine, lines 3 and 4 of feature code. */
const MAP = JSON.stringify({
  sources: [`${ENGINE_SOURCES}records/take.ts`, 'recs.ts', `parts/${ENGINE_SOURCES}`],
  mappings: mappingsOf([
    [1, 0, 0, 6, 2],
    [2, 0, 1, 30, 19],
    [3, 0, 2, 0, 0],
  ]),
})

let folders = 0
/** Makes a folder with bundles: `worker.mjs` has a map, all others have none. */
function openFolder() {
  const path = join(parent, `${folders++} #`)
  mkdirSync(path)
  const map = join(path, 'worker.mjs.map')
  writeFileSync(map, MAP)
  const url = `${pathToFileURL(path).href}/`
  const find = placeFinder(url)
  /** Finds the place of a stack with these lines, in which `@` stands for the folder. */
  const placeOf = (...lines: string[]) => find(lines.join('\n').replaceAll('@', url))
  return { map, placeOf }
}

const PACKAGE = '    at decode (@worker.mjs:1:5)'
const ENGINE = '    at take (@worker.mjs:2:1)'
const FEATURE = '    at Object.extract (@worker.mjs:3:1)'
const UNMAPPED = '    at async @job.mjs:12:34'
const ELSEWHERE = '    at node:internal/main:1:1'

test.each([
  ['of feature code', [FEATURE], 'recs.ts:31:20'],
  ['of feature code in a folder', ['    at @worker.mjs:4:9'], `parts/${ENGINE_SOURCES}:1:1`],
  ['of the engine, if there is none of feature code', [ENGINE], `${ENGINE_SOURCES}records/take.ts:7:3`],
  ['of feature code, though the engine is above it', [ENGINE, FEATURE, ENGINE], 'recs.ts:31:20'],
  ['of the first of several in feature code', [FEATURE, '    at @worker.mjs:4:1'], 'recs.ts:31:20'],
  ['in the bundle, for what is not in its map', [PACKAGE, ENGINE], 'worker.mjs:1:5'],
  ['of feature code, though a package is above it', [PACKAGE, FEATURE], 'recs.ts:31:20'],
  ['in a bundle without a map, which may be feature code', [UNMAPPED, FEATURE], 'job.mjs:12:34'],
  ['that lies in the folder', [ELSEWHERE, FEATURE], 'recs.ts:31:20'],
])('the place is the one %s', (_, calls, place) => {
  expect(openFolder().placeOf('Error: no', ...calls)).toBe(place)
})

test.each([
  ['is empty', ''],
  ['calls only what lies elsewhere', ELSEWHERE],
  ['calls a file of another kind', '    at @worker.txt:3:1'],
  ['calls a file in a deeper folder', '    at @deeper/worker.mjs:3:1'],
  ['has no column', '    at @worker.mjs:3'],
  ['has a column that is no number', '    at @worker.mjs:3:x'],
])('a stack that %s tells no place', (_, calls) => {
  expect(openFolder().placeOf('Error: no', calls)).toBeUndefined()
})

test('a message that looks like a call tells no place, unless it begins a line as one', () => {
  const { placeOf } = openFolder()
  expect(placeOf(`Error: it is${FEATURE}`)).toBeUndefined()
  expect(placeOf(`Error: it is${FEATURE}`, ENGINE)).toBe(`${ENGINE_SOURCES}records/take.ts:7:3`)
})

test('a map is read once, when its first place is asked for', () => {
  const { map, placeOf } = openFolder()
  expect(placeOf(FEATURE)).toBe('recs.ts:31:20')
  rmSync(map)
  expect(placeOf('    at @worker.mjs:4:1')).toBe(`parts/${ENGINE_SOURCES}:1:1`)
  expect(placeOf(FEATURE)).toBe('recs.ts:31:20')
})

test('a map that is no JSON is as none', () => {
  const { map, placeOf } = openFolder()
  writeFileSync(map, '{')
  expect(placeOf(FEATURE)).toBe('worker.mjs:3:1')
})
