import { open } from 'node:fs/promises'
import { DayfoldError } from '../../core/errors.ts'
import { failureData, failureOf, type FailureData } from './failures.ts'

/** Message of a worker to the main thread: asks for the bytes of a file. */
export interface ShareRequest {
  readonly type: 'share'
  /** Absolute path of the file. */
  readonly file: string
}

/** Answer of the main thread to a {@link ShareRequest}. */
export interface ShareAnswer {
  readonly type: 'shared'
  /** Absolute path of the file, as it was asked for. */
  readonly file: string
  /** Bytes of the file in shared memory; undefined if it could not be read. */
  readonly memory?: SharedArrayBuffer
  /** Reason why the file could not be read. */
  readonly failure?: FailureData
}

/** Maximum bytes of one read. */
const READ_BYTES = 1 << 26

/**
 * Returns a function that answers the workers' requests for files. It reads each file once and holds its bytes as long
 * as the function itself exists.
 */
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

/** A worker's access to files that the main thread reads once for all workers. */
export interface SharedFiles {
  /** Asks for the bytes of a file and resolves to them. Nobody may change them. */
  readonly bytesOf: (file: string) => Promise<Buffer>
  /** Takes an answer of the main thread. */
  answered(answer: ShareAnswer): void
}

interface Waiting {
  readonly file: string
  readonly resolve: (bytes: Buffer) => void
  readonly reject: (error: Error) => void
}

/**
 * Makes a worker's access to shared files.
 *
 * @param ask sends a request to the main thread
 */
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
