import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Mutant } from '@stryker-mutator/api/core'
import { Instrumenter } from '@stryker-mutator/instrumenter'

type Logger = ConstructorParameters<typeof Instrumenter>[0]

/** Seed of the draw. Another one draws other mutants. */
const SEED = 'dayfold'

const SILENT = new Proxy({}, { get: () => () => false }) as Logger

/** Every mutant that Stryker makes of files, none excluded. Their paths are relative to `root`. */
export async function listMutants(root: string, paths: readonly string[]): Promise<Mutant[]> {
  const files = paths.map((path) => ({
    name: join(root, path),
    mutate: true,
    content: readFileSync(join(root, path), 'utf8'),
  }))
  const options = { plugins: null, excludedMutations: [], ignorers: [] }
  const { mutants } = await new Instrumenter(SILENT).instrument(files, options)
  return mutants.map((mutant) => ({ ...mutant, fileName: relative(root, mutant.fileName) }))
}

/** Identifies a mutant in one state of the sources. */
export function mutantKey({ fileName, mutatorName, location, replacement }: Mutant): string {
  const { start, end } = location
  const place = [start.line, start.column, end.line, end.column].join(':')
  return `${fileName}:${place} ${mutatorName} ${replacement}`
}

/**
 * Draws mutants: the same for the same sources. Whether one is drawn hangs on its file, its code and what it makes of
 * it, not on its line: after a change elsewhere in the file it is drawn as before.
 */
export function draw(root: string, mutants: readonly Mutant[], count: number): Mutant[] {
  const texts = new Map<string, string>()
  const seen = new Map<string, number>()
  const ranked = mutants.map((mutant) => {
    const { fileName, mutatorName, replacement } = mutant
    const text = texts.get(fileName) ?? readFileSync(join(root, fileName), 'utf8')
    texts.set(fileName, text)
    const name = [fileName, mutatorName, codeOf(text, mutant), replacement].join('\0')
    const nth = seen.get(name) ?? 0
    seen.set(name, nth + 1)
    const rank = createHash('sha256').update(`${SEED}\0${name}\0${nth}`).digest('hex')
    return { mutant, rank }
  })
  return ranked
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, count)
    .map(({ mutant }) => mutant)
}

/** The code that a mutant replaces. */
export function codeOf(text: string, { location: { start, end } }: Pick<Mutant, 'location'>): string {
  const lines = text.split('\n').slice(start.line, end.line + 1)
  const last = lines.length - 1
  lines[last] = lines[last]!.slice(0, end.column)
  lines[0] = lines[0]!.slice(start.column)
  return lines.join('\n')
}
