import { closeSync, constants, createReadStream, openSync, readSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { SendBody } from '../../protocol/rest-xml/answer.ts'
import { isAbsent } from '../storage/stat.ts'
import { READ_BUFFER_BYTES, takeReadBuffer } from './read-buffers.ts'

/**
 * Opens the file at `path` for reading and returns its descriptor, which the caller must close; undefined if there is
 * no file.
 */
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
 * Returns the function that sends bytes of an open file as the body of an answer; the file is closed in any case. Up to
 * {@link READ_BUFFER_BYTES} are read at once and synchronously, which takes a fraction of the time of a stream; more
 * are streamed.
 *
 * @param fd descriptor of the open file
 * @param start offset of the first byte
 * @param length number of bytes
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
