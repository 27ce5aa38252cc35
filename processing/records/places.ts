import { readFileSync } from 'node:fs'
import { originOf, type SourceMapData } from './source-map.ts'

/** How the sources of the engine begin in a source map; all others are feature code, and packages are not in it. */
export const ENGINE_SOURCES = 'dayfold/'
/** A place in a stack, behind the folder: file, line and column. */
const IN_STACK = /^(\w+\.m?[jt]s):(\d{1,7}):(\d{1,8})/
/** Places that are remembered: more than a program has that throw. */
const MAX_KNOWN = 1000

interface Told {
  readonly text: string
  readonly isForeign: boolean
}

/**
 * Tells the place of a stack in sources: file, line and column of the first call in feature code, or of the first in
 * the program where none is. A bundle's map is read when its first place is told; without one, its own places are told.
 */
export type PlaceFinder = (stack: string) => string | undefined

/** @param folder URL of the folder of the bundles, with a slash at its end */
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
