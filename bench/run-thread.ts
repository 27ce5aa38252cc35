/**
 * A worker thread of the job that says which thread of the process it is, and then is the program that it is named
 * after: `thread-worker.mjs` is `worker.mjs`.
 */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'

const program = basename(import.meta.url, '.mjs').replace('thread-', '')
const [thread] = readFileSync('/proc/thread-self/stat', 'utf8').split(' ')
const channel = new BroadcastChannel('threads')
channel.postMessage({ thread: Number(thread), program } satisfies Announced)
channel.close()
await import(new URL(`./${program}.mjs`, import.meta.url).href)

/** Which thread a program runs in. */
export interface Announced {
  readonly thread: number
  readonly program: string
}
