import { createCipheriv, createHash } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Day } from '../../../../core/dates.ts'
import { DEFAULT_READ_SETTINGS } from '../../../../core/read-settings.ts'
import { rawDayFolder } from '../../../../core/raw-layout.ts'

/** A raw file to put where the datasets look for it, replacing one of its name. */
export interface RawFile {
  readonly dataset: 'visits' | 'orders'
  readonly date: Day
  /** Name below the day's folder. */
  readonly name: string
  /** Number of records that give rows. */
  readonly records: number
  /** Number of lines that are rejected. @default 0 */
  readonly rejects?: number
  /** Characters of incompressible padding in each order. @default 0 */
  readonly padding?: number
}

/** Writes raw files into the raw bucket of a home. Their content depends on their names alone. */
export function putRawFiles(home: string, files: readonly RawFile[]): void {
  for (const file of files) {
    const path = join(
      home,
      's3',
      'raw',
      file.dataset,
      rawDayFolder(DEFAULT_READ_SETTINGS.rawLayout, file.date),
      file.name,
    )
    mkdirSync(dirname(path), { recursive: true })
    // A new file, not new content of one that copies of the home share.
    rmSync(path, { force: true })
    writeFileSync(path, `${linesOf(file).join('\n')}\n`)
  }
}

function linesOf({ dataset, name, date, records, rejects = 0, padding = 0 }: RawFile): string[] {
  const record = dataset === 'visits' ? visit : (id: string, index: number) => order(id, index, padding)
  const lines = Array.from({ length: records }, (_, index) =>
    JSON.stringify(record(`${name}-${date}-${records}-${index}`, index)),
  )
  for (let index = 0; index < rejects; index++) {
    const line = index % 2 === 0 ? `{"id": "${name}-broken-${index}", "page"` : `{"id": ${index}}`
    lines.splice((index * 7) % (lines.length + 1), 0, line)
  }
  return lines
}

const visit = (id: string, index: number) => ({
  id,
  page: index % 5 === 0 ? null : `/p/${index % 17}`,
  tags: Array.from({ length: index % 3 }, (_, tag) => `tag ${tag} ☂`),
  millis: index * 1000,
  at: new Date(Date.UTC(2024, 0, 9, 0, index)).toISOString(),
  ...(index % 11 === 10 && { isRobot: true }),
})

const order = (id: string, index: number, padding: number) => ({
  id,
  lines: Array.from({ length: 1 + (index % 2) }, (_, line) => ({
    item: `item ${line}${line === 0 ? noise(id, padding) : ''}`,
    price: (index % 7) * 1.25,
  })),
})

/** Returns text that depends on `seed` and looks random. */
function noise(seed: string, characters: number): string {
  const key = createHash('md5').update(seed).digest()
  const bytes = createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(characters))
  return bytes.toString('base64').slice(0, characters)
}
