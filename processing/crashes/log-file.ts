import { writeSync } from 'node:fs'

/**
 * The file descriptor that the job finds its log under. Its standard output is not it: there, feature code, native code
 * and Node print what may be raw data.
 */
export const LOG_FD = 5
const PAUSE_MILLISECONDS = 5

const pause = new Int32Array(new SharedArrayBuffer(4))

/** A log of JSON documents, a line each. A line is out when the call returns; one that there is no room for is lost. */
export function logTo(fd: number): (line: object) => void {
  return (line) => {
    let left = Buffer.from(`${JSON.stringify(line)}\n`)
    while (left.length > 0) left = left.subarray(write(fd, left))
  }
}

/** Writes what is taken, and returns how many bytes that are; all when nothing will be. */
function write(fd: number, bytes: Buffer): number {
  try {
    return writeSync(fd, bytes)
  } catch (error) {
    // Whoever reads a pipe may be slower, and another process may have made it one that does not wait.
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return bytes.length
    Atomics.wait(pause, 0, 0, PAUSE_MILLISECONDS)
    return 0
  }
}
