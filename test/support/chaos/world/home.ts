import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { linkFolder } from '../../link-folder.ts'

/**
 * Folders of a home that hold the state of the world; the others (executions, jobs, logs, temporary files) have names
 * that are used once.
 */
const WORLD = ['s3', 's3-meta/data', 'glue']

/**
 * Makes `home` a copy of `template` by hard links, since no file of a home is changed in place. No process may be at
 * work in either.
 */
export function restoreHome(template: string, home: string): void {
  mkdirSync(home, { recursive: true })
  for (const folder of WORLD) {
    rmSync(join(home, folder), { recursive: true, force: true })
    if (existsSync(join(template, folder))) linkFolder(join(template, folder), join(home, folder))
  }
}

const DAY_MILLISECONDS = 24 * 3600 * 1000

/**
 * Makes a day pass for the ledger: every object under `state/` becomes a day older. A server that keeps running would
 * not notice that time passes between two runs; one that starts reports earlier objects as older by itself.
 */
export function passADay(home: string): void {
  const state = join(home, 's3', 'data', 'state')
  if (!existsSync(state)) return
  const yesterday = new Date(Date.now() - DAY_MILLISECONDS)
  for (const entry of readdirSync(state, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    // A file that other homes share is from before the server's start, so it is reported as older already.
    if (entry.isFile() && statSync(path).nlink === 1) utimesSync(path, yesterday, yesterday)
  }
}
