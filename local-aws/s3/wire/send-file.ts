import { closeSync, constants, createReadStream, openSync, readSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { SendBody } from '../../protocol/rest-xml/answer.ts'
import { isAbsent } from '../storage/stat.ts'
import { READ_BUFFER_BYTES, takeReadBuffer } from './read-buffers.ts'

/** Opens the file at `path` for reading; undefined if there is none. */
export function openFile(path: string): number | undefined {
  try {
    // Without O_NONBLOCK, opening a named pipe would block.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}

/**
 * Sends bytes of an open file and closes it. Up to {@link READ_BUFFER_BYTES} are read synchronously: without a round
 * trip to another thread, that costs a fraction of a stream.
 */
export function sendFile(fd: number, start: number, length: number): SendBody {
  if (length > READ_BUFFER_BYTES) return (response) => sendStream(response, fd, start, length)
  try {
    const { bytes, release } = takeReadBuffer(length)
    readInto(bytes, fd, start)
    return (response) => void response.end(bytes, release)
  } finally {
    closeSync(fd)
  }
}

/**
 * Fills `bytes` from the file.
 *
 * @throws Error if the file has become shorter
 */
function readInto(bytes: Buffer, fd: number, start: number): Buffer {
  let filled = 0
  while (filled < bytes.length) {
    const count = readSync(fd, bytes, filled, bytes.length - filled, start + filled)
    if (count === 0) throw new Error('The file was cut short while it was read.')
    filled += count
  }
  return bytes
}

async function sendStream(
  response: ServerResponse,
  fd: number,
  start: number,
  length: number,
): Promise<void> {
  const end = start + length - 1
  const file = createReadStream('', { fd, start, end, highWaterMark: READ_BUFFER_BYTES, autoClose: true })
  try {
    await pipeline(file, response)
  } catch {
    // The client is gone, or a fault broke the connection.
  }
}
