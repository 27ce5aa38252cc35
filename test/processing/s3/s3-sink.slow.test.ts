import { createHash } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { S3, UploadedPart } from '../../../processing/s3/client.ts'
import { s3Sink } from '../../../processing/s3/s3-sink.ts'

const MEBIBYTE = 2 ** 20

const digest = (pieces: readonly Uint8Array[]) =>
  pieces.reduce((hash, piece) => hash.update(piece), createHash('sha256')).digest('hex')

/** Returns a store that reads bodies only when it is done with them, as a slow network does. */
function slowStore() {
  const parts = new Map<string, Map<number, Buffer>>()
  const objects = new Map<string, Buffer>()
  const buffers = new Set<ArrayBufferLike>()
  const s3: Pick<S3, 'put' | 'createUpload' | 'uploadPart' | 'completeUpload'> = {
    put: (_, key, body) => Promise.resolve(void objects.set(key, Buffer.from(body))),
    createUpload: (_, key) => Promise.resolve(void parts.set(key, new Map())).then(() => key),
    async uploadPart({ key }, number, body) {
      buffers.add(body.buffer)
      await setTimeout(5 * (number % 3))
      parts.get(key)!.set(number, Buffer.from(body))
      return { number, etag: String(number), checksum: '' }
    },
    completeUpload({ key }, uploaded: readonly UploadedPart[]) {
      objects.set(key, Buffer.concat(uploaded.map(({ number }) => parts.get(key)!.get(number)!)))
      return Promise.resolve()
    },
  }
  return { s3: s3 as S3, objects, buffers }
}

test('files of many uploads hold what was written, though the uploads share few buffers', async () => {
  const { s3, objects, buffers } = slowStore()
  const sink = s3Sink({ s3, bucket: 'data', staging: 'staging/' })
  for (const name of ['a.parquet', 'b.parquet']) {
    const file = await sink.create('parts', name)
    const piece = Buffer.alloc(3 * MEBIBYTE)
    const written: Buffer[] = []
    for (let index = 0; index < 33; index++) {
      // Callers may change bytes once they are taken.
      piece.fill(index + 1)
      written.push(Buffer.from(piece))
      await file.write(piece)
    }
    await file.close()
    const [key] = [...objects.keys()].filter((stored) => stored.endsWith(name))
    expect(digest([objects.get(key!)!])).toBe(digest(written))
  }
  // Three in flight and one that is being filled; the first of each file grows to its size.
  expect(buffers.size).toBeLessThanOrEqual(5)
})
