import * as zlib from 'node:zlib'
import { expect, test } from 'vitest'
import { DECODERS, decompress } from '../../../processing/read/decompress.ts'

const { zstdCompressSync } = zlib as { readonly zstdCompressSync?: (text: string) => Buffer }

test.runIf(zstdCompressSync)('what follows a zstd frame that was read begins behind it', async () => {
  const frame = zstdCompressSync!('{}\n')
  const bytes = Buffer.concat([frame, Buffer.from('something else')])
  const buffer = new SharedArrayBuffer(bytes.length)
  Buffer.from(buffer).set(bytes)
  const found: unknown[] = []
  const options = {
    compression: 'zstd',
    decoder: DECODERS.zstd!,
    size: bytes.length,
    release: () => {},
  } as const
  // eslint-disable-next-line @typescript-eslint/require-await -- a source of one piece
  async function* stored() {
    yield { buffer, start: 0, length: bytes.length }
  }
  for await (const piece of decompress(stored(), options)) found.push(piece)
  expect(found).toMatchObject([{ length: 3 }, { from: frame.length, rest: Buffer.from('something else') }])
})
