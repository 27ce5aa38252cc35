/**
 * A worker thread of the job that announces its thread id, and then runs the program that it is named after:
 * `thread-worker.mjs` runs `worker.mjs`.
 */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'

const program = basename(import.meta.url, '.mjs').replace('thread-', '')
const [thread] = readFileSync('/proc/thread-self/stat', 'utf8').split(' ')
const channel = new BroadcastChannel('threads')
channel.postMessage({ thread: Number(thread), program } satisfies Announced)
channel.close()
await import(new URL(`./${program}.mjs`, import.meta.url).href)

/** The thread that a program runs in. */
export interface Announced {
  readonly thread: number
  readonly program: string
}
