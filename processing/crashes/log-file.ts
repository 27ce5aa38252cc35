import { writeSync } from 'node:fs'

/**
 * File descriptor of the job's log. It is not standard output, where feature code, native code and Node may print raw
 * data.
 */
export const LOG_FD = 5
const PAUSE_MILLISECONDS = 5

const pause = new Int32Array(new SharedArrayBuffer(4))

/**
 * Returns a log that writes JSON documents, one per line. A line is written when the call returns, or lost if the file
 * takes no more.
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
