import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { event } from './events.ts'
import { listing } from './listings.ts'
import { SAMPLE_SHAPES } from './samples.ts'

/** Shapes of data that can be generated. */
export const SHAPES = { listings: listing, events: event } as const
export type Shape = keyof typeof SHAPES
const MAKERS = { ...SHAPES, ...SAMPLE_SHAPES }

/**
 * Writes a day of records into `files` files below `folder`, `YYYY/MM/DD` not included, unless they are there.
 * Returns the folder that holds them.
 */
export function generateDay(
  folder: string,
  shape: keyof typeof MAKERS,
  records: number,
  files: number,
): string {
  const day = join(folder, `${shape}-${records}-${files}`)
  const done = join(day, '_done')
  if (existsSync(done)) return day
  rmSync(day, { recursive: true, force: true })
  mkdirSync(day, { recursive: true })
  const make = MAKERS[shape]
  for (let file = 0, next = 0; file < files; file++) {
    const end = Math.floor(((file + 1) * records) / files)
    const lines: string[] = []
    for (; next < end; next++) lines.push(JSON.stringify(make(next)))
    writeFileSync(join(day, `part-${String(file).padStart(6, '0')}.jsonl`), `${lines.join('\n')}\n`)
  }
  writeFileSync(done, '')
  return day
}
