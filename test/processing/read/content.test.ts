import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { contentOf } from '../../../processing/read/content.ts'

const hex = (text: string) => Buffer.from(text, 'hex')
const tar = Buffer.concat([Buffer.from('a.jsonl'), Buffer.alloc(250), Buffer.from('ustar\0')])

test.each<[string, Buffer, object]>([
  ['JSON Lines', Buffer.from('{"a":1}\n'), { compression: undefined }],
  ['a byte order mark', Buffer.from('\ufeff{"a":1}\n'), { compression: undefined }],
  ['nothing', Buffer.alloc(0), { compression: undefined }],
  ['gzip', gzipSync('x'), { compression: 'gzip' }],
  ['a gzip of two bytes', hex('1f8b'), { compression: 'gzip' }],
  ['zstd', hex('28b52ffd0400'), { compression: 'zstd' }],
  ['a zstd frame that is skipped', hex('502a4d1804000000'), { compression: 'zstd' }],
  [
    'text with "ustar" in the place of a tar archive',
    Buffer.from(`\n{"a":"${'x'.repeat(250)}ustar"}`),
    { compression: undefined },
  ],
  ...(
    [
      ['bzip2', Buffer.from('BZh9')],
      ['xz', hex('fd377a585a00')],
      ['LZ4', hex('04224d18')],
      ['snappy', hex('ff060000734e61507059')],
      ['zip', Buffer.from('PK\x03\x04')],
      ['7-Zip', hex('377abcaf271c')],
      ['zlib', hex('789c')],
      ['Parquet', Buffer.from('PAR1')],
      ['Avro', Buffer.from('Obj\x01')],
      ['a tar archive', tar],
    ] as const
  ).map(([name, bytes]): [string, Buffer, object] => [
    name,
    bytes,
    { unreadable: `${name}, which is not read: JSON Lines are, plain, gzip or zstd` },
  ]),
  ...(
    [
      ['UTF-16', Buffer.from('\ufeff{"a":1}\n', 'utf16le')],
      ['UTF-16', Buffer.from('{"a":1}\n', 'utf16le')],
      ['UTF-16', Buffer.from('\ufeff{"a":1}\n', 'utf16le').swap16()],
      ['UTF-16', Buffer.from('\n{"a":1}\n', 'utf16le').swap16()],
      ['UTF-32', hex('7b00000022000000')],
      ['UTF-32', hex('0000feff0000007b')],
    ] as const
  ).map(([name, bytes]): [string, Buffer, object] => [
    `${name} as ${bytes.toString('hex', 0, 4)}`,
    bytes,
    { unreadable: `looks like ${name}: text in UTF-8 is expected` },
  ]),
])('%s is told by its first bytes', (_, bytes, content) => {
  expect(contentOf(bytes)).toEqual(content)
})
