import { SourceMap } from 'node:module'
import { join } from 'node:path'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import {
  mappingsOf,
  originOf,
  segmentsOf,
  type SourceMapData,
} from '../../../processing/records/source-map.ts'

const here = import.meta.dirname

async function mapOf(minify: boolean): Promise<SourceMapData> {
  const { outputFiles } = await build({
    entryPoints: [join(here, '../../../processing/records/line-reader.ts')],
    ...{ bundle: true, format: 'esm', platform: 'node', write: false, logLevel: 'silent', target: 'node20' },
    ...{ minify, outdir: here, sourcemap: 'external', sourcesContent: false, minifyIdentifiers: false },
  })
  return JSON.parse(outputFiles[0]!.text) as SourceMapData
}

test.each([true, false])('places of a bundle (minified: %s) are those that Node finds', async (minify) => {
  const map = await mapOf(minify)
  const known = new SourceMap(map as ConstructorParameters<typeof SourceMap>[0])
  const segments = [...segmentsOf(map.mappings)]
  expect(segments.length).toBeGreaterThan(1000)
  // Each place is sought from the start of the map.
  const step = Math.floor(segments.length / 100)
  for (const [line, column] of segments.filter((_, index) => index % step === 0)) {
    // The next column lies within the segment.
    const found = known.findEntry(line, column + 1)
    if (!('originalSource' in found)) throw new Error('expected a place, found none')
    expect(originOf(map, line + 1, column + 2)).toEqual({
      file: found.originalSource,
      line: found.originalLine + 1,
      column: found.originalColumn + 1,
    })
  }
})

test('segments that are written again are the same', async () => {
  const { mappings } = await mapOf(false)
  const segments = [...segmentsOf(mappings)]
  expect([...segmentsOf(mappingsOf(segments))]).toEqual(segments)
})

test.each([
  [0, 'A', 'A'],
  [1, 'C', 'D'],
  [15, 'e', 'f'],
  [16, 'gB', 'hB'],
  [123, '2H', '3H'],
  [1_000_000, 'gkh9B', 'hkh9B'],
])('%i and its negative are written as the format has it, and zero without a sign', (column, up, down) => {
  const mappings = `AAA${up},CAA${column === 0 ? 'A' : down}`
  const segments = [
    [0, 0, 0, 0, column],
    [0, 1, 0, 0, 0],
  ] as const
  expect(mappingsOf(segments)).toBe(mappings)
  expect([...segmentsOf(mappings)]).toEqual(segments)
})

test('a place before the first of its line, and one that is of no source, has no origin', () => {
  const mappings = mappingsOf([
    [0, 0, 0, 0, 0],
    [2, 4, 0, 1, 0],
    [2, 8],
  ])
  const map = { sources: ['a.ts'], mappings }
  expect(originOf(map, 1, 9)).toEqual({ file: 'a.ts', line: 1, column: 1 })
  expect(originOf(map, 2, 1)).toBeUndefined()
  expect(originOf(map, 3, 4)).toBeUndefined()
  expect(originOf(map, 3, 5)).toEqual({ file: 'a.ts', line: 2, column: 1 })
  expect(originOf(map, 3, 9)).toBeUndefined()
  expect(originOf(map, 4, 1)).toBeUndefined()
})
