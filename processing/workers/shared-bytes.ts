import { open } from 'node:fs/promises'
import { DayfoldError } from '../../core/errors.ts'
import { failureData, failureOf, type FailureData } from './failures.ts'

/** A worker's request to the main thread for the bytes of a file. */
export interface ShareRequest {
  readonly type: 'share'
  readonly file: string
}

/** The main thread's answer: the bytes in shared memory, or the reason why there are none. */
export interface ShareAnswer {
  readonly type: 'shared'
  readonly file: string
  readonly memory?: SharedArrayBuffer
  readonly failure?: FailureData
}

/** Most bytes of one read. */
const READ_BYTES = 1 << 26

/** Returns a function that answers workers. It reads each file once, and holds its bytes for as long as it exists. */
export function sharer(): (request: ShareRequest) => Promise<ShareAnswer> {
  const answers = new Map<string, Promise<ShareAnswer>>()
  return ({ file }) => {
    const answer = answers.get(file) ?? answerOf(file)
    answers.set(file, answer)
    return answer
  }
}

async function answerOf(file: string): Promise<ShareAnswer> {
  try {
    return { type: 'shared', file, memory: await readShared(file) }
  } catch (error) {
    return { type: 'shared', file, failure: failureData(error) }
  }
}

async function readShared(file: string): Promise<SharedArrayBuffer> {
  const handle = await open(file)
  try {
    const { size } = await handle.stat()
    const bytes = new Uint8Array(new SharedArrayBuffer(size))
    for (let at = 0; at < size;) {
      const { bytesRead } = await handle.read(bytes, at, Math.min(READ_BYTES, size - at), at)
      if (bytesRead === 0)
        throw new DayfoldError('InvalidDataset', `Assets: expected ${size} bytes in a file, found ${at}.`)
      at += bytesRead
    }
    return bytes.buffer
  } finally {
    await handle.close()
  }
}

/** The worker's side: asks for files and takes the answers. */
export interface SharedFiles {
  readonly bytesOf: (file: string) => Promise<Buffer>
  answered(answer: ShareAnswer): void
}

interface Waiting {
  readonly file: string
  readonly resolve: (bytes: Buffer) => void
  readonly reject: (error: Error) => void
}

/** Returns the worker's side, which sends its requests by `ask`. */
export function sharedFiles(ask: (request: ShareRequest) => void): SharedFiles {
  let waiting: Waiting[] = []
  return {
    bytesOf: (file) =>
      new Promise((resolve, reject) => {
        waiting.push({ file, resolve, reject })
        ask({ type: 'share', file })
      }),
    answered({ file, memory, failure }) {
      const settled = waiting.filter((each) => each.file === file)
      waiting = waiting.filter((each) => each.file !== file)
      for (const { resolve, reject } of settled) {
        if (memory) resolve(Buffer.from(memory))
        else reject(failureOf(failure!))
      }
    },
  }
}
