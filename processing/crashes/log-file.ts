import { writeSync } from 'node:fs'

/**
 * File descriptor of the job's log in the job's process. Standard output is not used, because feature code, native code
 * and Node may print raw data to it.
 */
export const LOG_FD = 5
const PAUSE_MILLISECONDS = 5

const pause = new Int32Array(new SharedArrayBuffer(4))

/**
 * Returns a function that writes JSON documents to a file descriptor, one per line. The line is written when the call
 * returns, even if a pipe's reader is slow; it is lost without an error if the file takes no more.
 */
export function logTo(fd: number): (line: object) => void {
  return (line) => {
    let left = Buffer.from(`${JSON.stringify(line)}\n`)
    while (left.length > 0) left = left.subarray(write(fd, left))
  }
}

/**
 * Writes as much as the file takes and returns that number of bytes; returns all of them if writing has failed for
 * good.
 */
function write(fd: number, bytes: Buffer): number {
  try {
    return writeSync(fd, bytes)
  } catch (error) {
    // The reader of a pipe may be slower, and another process may have made the pipe non-blocking.
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return bytes.length
    Atomics.wait(pause, 0, 0, PAUSE_MILLISECONDS)
    return 0
  }
}
