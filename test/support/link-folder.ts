import { linkSync, mkdirSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'

/** Makes the folder `to` hold the files of `from`, by hard links: neither may change a file in place. */
export function linkFolder(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    const path = join(to, relative(from, entry.parentPath), entry.name)
    if (entry.isDirectory()) mkdirSync(path, { recursive: true })
    else linkSync(join(entry.parentPath, entry.name), path)
  }
}
