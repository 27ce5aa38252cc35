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

/** Folders whose modules are the engine; those in the registry's own are not. */
const ENGINE = ['core', 'processing'].map((name) => join(PROJECT_ROOT, name))

/**
 * Puts a source map beside each bundle, which knows nothing of it and stays as it is. Sources are named from the folder
 * of the registry, those of the engine as {@link ENGINE_SOURCES} says, so that nothing of the machine is in the map;
 * packages are left out.
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
  const named = sources.map((source) => sourceName(resolve(dirname(path), source), dirname(registry)))
  const kept = named.filter((name) => name !== undefined)
  const indices = new Map(kept.map((name, index) => [name, index]))
  const segments = withoutPackages(segmentsOf(mappings), (source) => indices.get(named[source] ?? ''))
  return JSON.stringify({ version: 3, sources: kept, names: [], mappings: mappingsOf(segments) })
}

/** Most of a bundle is packages: of each stretch of theirs, only its begin stays. */
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

/** What a source is called; undefined for one of a package. @param home the folder of the registry */
export function sourceName(source: string, home: string): string | undefined {
  if (source.split(sep).includes('node_modules')) return undefined
  const isIn = (folder: string) => source.startsWith(folder + sep)
  const isEngine = ENGINE.some(
    (folder) => isIn(folder) && !(isIn(home) && (home + sep).startsWith(folder + sep)),
  )
  const name = isEngine ? ENGINE_SOURCES + relative(PROJECT_ROOT, source) : relative(home, source)
  return name.split(sep).join('/')
}
