import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { linkFolder } from '../../link-folder.ts'

/**
 * What of a home stands for the state of the world; the rest (executions, jobs, logs, temporary files) has names used
 * once.
 */
const WORLD = ['s3', 's3-meta/data', 'glue']

/**
 * Makes `home` the world that `template` is: by hard links, since nothing in a home is changed in place. No process
 * may be at work in either.
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
 * Makes a day pass for the ledger: whatever is under `state/` is a day older. A server that goes on does not notice
 * otherwise that time has passed between two runs; one that starts reports earlier objects so by itself.
 */
export function passADay(home: string): void {
  const state = join(home, 's3', 'data', 'state')
  if (!existsSync(state)) return
  const yesterday = new Date(Date.now() - DAY_MILLISECONDS)
  for (const entry of readdirSync(state, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    // What other homes share is from before the server's start: it is reported older already.
    if (entry.isFile() && statSync(path).nlink === 1) utimesSync(path, yesterday, yesterday)
  }
}
