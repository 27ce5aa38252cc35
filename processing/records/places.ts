import { readFileSync } from 'node:fs'
import { originOf, type SourceMapData } from './source-map.ts'

/** Prefix of the engine's own files in a source map. All other files are feature code; packages are not in the map. */
export const ENGINE_SOURCES = 'dayfold/'
/** A place in a stack, after the folder: file, line and column. */
const IN_STACK = /^(\w+\.m?[jt]s):(\d{1,7}):(\d{1,8})/
/** Maximum number of places that are remembered: more than a program throws at. */
const MAX_KNOWN = 1000

interface Told {
  readonly text: string
  readonly isForeign: boolean
}

/**
 * Finds the place in the sources that an error's stack points to, such as `recs.ts:31:20`: the first call in feature
 * code, else the first in the program, else undefined. A bundle's source map is read when its first place is asked for;
 * without a map, the place is in the bundle itself.
 */
export type PlaceFinder = (stack: string) => string | undefined

/**
 * Makes a finder of places for the bundles in a folder. It remembers the places that it has found.
 *
 * @param folder URL with a slash at its end
 */
export function placeFinder(folder: string): PlaceFinder {
  const maps = new Map<string, SourceMapData | undefined>()
  const known = new Map<string, Told>()
  return (stack) => {
    let first: string | undefined
    for (const call of stack.split('\n').filter((line) => /^ +at /.test(line))) {
      const at = call.indexOf(folder)
      const place = at < 0 ? null : IN_STACK.exec(call.slice(at + folder.length))
      if (!place) continue
      const told = tell(place)
      if (!told.isForeign) return told.text
      first ??= told.text
    }
    return first
  }

  function tell([text, file, line, column]: RegExpExecArray): Told {
    const told = known.get(text) ?? find(text, file!, Number(line), Number(column))
    if (known.size >= MAX_KNOWN) known.clear()
    known.set(text, told)
    return told
  }

  function find(text: string, file: string, line: number, column: number): Told {
    if (!maps.has(file)) maps.set(file, readMap(folder, file))
    const map = maps.get(file)
    const origin = map && originOf(map, line, column)
    if (!origin) return { text, isForeign: map !== undefined }
    const isForeign = origin.file.startsWith(ENGINE_SOURCES)
    return { text: `${origin.file}:${origin.line}:${origin.column}`, isForeign }
  }
}

function readMap(folder: string, file: string): SourceMapData | undefined {
  try {
    return JSON.parse(readFileSync(new URL(`${file}.map`, folder), 'utf8')) as SourceMapData
  } catch {
    return undefined
  }
}
