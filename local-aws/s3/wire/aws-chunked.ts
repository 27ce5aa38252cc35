import { AwsError } from '../../protocol/aws-error.ts'

/**
 * Decoder for a request body in the encoding aws-chunked: `<hex
 * size>[;extensions]\r\n<data>\r\n…0\r\n[name:value\r\n…]\r\n`. Holds at most one line in memory. Signatures of chunks
 * are not verified. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export interface ChunkDecoder {
  /**
   * Takes the next bytes of the body and returns the data in them, as views on these bytes.
   *
   * @throws AwsError InvalidRequest for a malformed body
   */
  push(bytes: Buffer): Buffer[]
  /** True when the final chunk and the headers after it have arrived. */
  readonly ended: boolean
  /** Headers that have arrived after the data, by name in lower case. */
  readonly trailers: Readonly<Record<string, string>>
}

type State = 'size' | 'data' | 'after-data' | 'trailers' | 'ended'

const LONGEST_LINE = 16 * 1024

/** Creates a decoder, which can be used for one body. */
export function createChunkDecoder(): ChunkDecoder {
  const trailers: Record<string, string> = {}
  let state: State = 'size'
  let left = 0
  let line = ''

  function endLine(): void {
    if (state === 'size') {
      left = parseSize(line)
      state = left === 0 ? 'trailers' : 'data'
    } else if (state === 'after-data') {
      if (line !== '') throw malformed(`the end of a chunk, found "${line}"`)
      state = 'size'
    } else if (line === '') {
      state = 'ended'
    } else {
      const colon = line.indexOf(':')
      trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim()
    }
    line = ''
  }

  /** Reads up to the end of a line; returns the position after it. */
  function readLine(bytes: Buffer, from: number): number {
    const end = bytes.indexOf(10, from)
    line += bytes.toString('latin1', from, end < 0 ? bytes.length : end)
    if (line.length > LONGEST_LINE) throw malformed('a line')
    if (end < 0) return bytes.length
    line = line.replace(/\r$/, '')
    endLine()
    return end + 1
  }

  return {
    trailers,
    get ended() {
      return state === 'ended'
    },
    push(bytes) {
      const data: Buffer[] = []
      let position = 0
      while (position < bytes.length && state !== 'ended') {
        if (state !== 'data') {
          position = readLine(bytes, position)
          continue
        }
        const end = Math.min(bytes.length, position + left)
        data.push(bytes.subarray(position, end))
        left -= end - position
        position = end
        if (left === 0) state = 'after-data'
      }
      return data
    },
  }
}

function parseSize(line: string): number {
  const text = line.split(';', 1)[0]!
  if (!/^[0-9a-fA-F]{1,10}$/.test(text)) throw malformed(`a hexadecimal size of a chunk, found "${line}"`)
  return Number.parseInt(text, 16)
}

function malformed(expected: string): AwsError {
  return new AwsError('InvalidRequest', `Body with aws-chunked encoding: expected ${expected}.`)
}
