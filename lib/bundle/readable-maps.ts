import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import type { Plugin } from 'esbuild'
import {
  mappingsOf,
  segmentsOf,
  type Segment,
  type SourceMapData,
} from '../../processing/records/source-map.ts'
import { ENGINE_SOURCES } from '../../processing/records/places.ts'
import { PROJECT_ROOT } from './options.ts'

/** Folders of the engine's modules, unless the registry lies in one. */
const ENGINE = ['core', 'processing'].map((name) => join(PROJECT_ROOT, name))

/**
 * Returns the esbuild plugin that writes a source map beside each bundle, so that errors name lines of feature code.
 * The bundle stays unchanged and does not refer to the map. Paths of sources are relative to the registry's folder,
 * those of the engine begin with {@link ENGINE_SOURCES}, so that a map contains no path of this machine. Packages are
 * left out.
 */
export function readableMaps(registry: string): Plugin {
  return {
    name: 'readable-maps',
    setup(build) {
      build.initialOptions.sourcemap = 'external'
      build.initialOptions.sourcesContent = false
      build.onEnd(({ outputFiles, metafile }) => {
        for (const file of outputFiles ?? []) {
          if (file.path.endsWith('.map'))
            file.contents = Buffer.from(readable(file.text, file.path, registry))
        }
        if (outputFiles) return
        const maps = Object.keys(metafile?.outputs ?? {}).filter((path) => path.endsWith('.map'))
        for (const path of maps.map((name) => resolve(PROJECT_ROOT, name)))
          writeFileSync(path, readable(readFileSync(path, 'utf8'), path, registry))
      })
    },
  }
}

function readable(text: string, path: string, registry: string): string {
  const { sources, mappings } = JSON.parse(text) as SourceMapData
  // esbuild writes sources as URLs.
  const paths = sources.map((source) => resolve(dirname(path), decodeURIComponent(source)))
  const named = paths.map((source) => sourceName(source, dirname(registry)))
  const kept = named.filter((name) => name !== undefined)
  const indices = new Map(kept.map((name, index) => [name, index]))
  const segments = withoutPackages(segmentsOf(mappings), (source) => indices.get(named[source] ?? ''))
  return JSON.stringify({ version: 3, sources: kept, names: [], mappings: mappingsOf(segments) })
}

/** Drops the segments of packages, which make up most of a bundle, except for the first of each run. */
function* withoutPackages(
  segments: Iterable<Segment>,
  indexOf: (source: number) => number | undefined,
): Generator<Segment> {
  let isWithin = false
  for (const [line, column, source, ofLine, ofColumn] of segments) {
    const index = source === undefined ? undefined : indexOf(source)
    if (index !== undefined) yield [line, column, index, ofLine, ofColumn]
    else if (!isWithin) yield [line, column]
    isWithin = index === undefined
  }
}

/**
 * Returns the name under which source maps and messages show a source file; undefined for a file of a package.
 *
 * @param source absolute path
 * @param home folder of the registry
 */
export function sourceName(source: string, home: string): string | undefined {
  if (source.split(sep).includes('node_modules')) return undefined
  const isIn = (folder: string) => source.startsWith(folder + sep)
  const isEngine = ENGINE.some(
    (folder) => isIn(folder) && !(isIn(home) && (home + sep).startsWith(folder + sep)),
  )
  const name = isEngine ? ENGINE_SOURCES + relative(PROJECT_ROOT, source) : relative(home, source)
  return name.split(sep).join('/')
}
