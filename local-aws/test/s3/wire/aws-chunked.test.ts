import { describe, expect, it } from 'vitest'
import { createChunkDecoder } from '../../../s3/wire/aws-chunked.ts'

const BODY = Buffer.from(
  '5;chunk-signature=abc\r\nhello\r\n7\r\n, \r\n0\r\n\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\nX-Other: a:b\r\n\r\n',
)

describe('an aws-chunked body', () => {
  it.each([1, 2, 3, 7, 1000])('is read from pieces of %i bytes', (length) => {
    const decoder = createChunkDecoder()
    const data: Buffer[] = []
    for (let at = 0; at < BODY.length; at += length) {
      expect(decoder.ended).toBe(false)
      data.push(...decoder.push(BODY.subarray(at, at + length)))
    }
    expect(Buffer.concat(data).toString()).toBe('hello, \r\n0\r\n')
    expect(decoder.trailers).toEqual({ 'x-amz-checksum-crc32': 'AAAAAA==', 'x-other': 'a:b' })
    expect(decoder.ended).toBe(true)
  })

  it.each(['hello', '5\r\nhello!\r\n', '\r\n'])('is refused when it is framed otherwise: %j', (text) => {
    expect(() => createChunkDecoder().push(Buffer.from(`${text}\r\n`))).toThrow('aws-chunked')
  })
})
