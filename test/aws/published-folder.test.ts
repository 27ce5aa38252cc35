import { expect, it } from 'vitest'
import { startS3 } from '@dayfold/local-aws/test-support/start-s3'
import type { Bucket } from '../../aws/objects.ts'
import { compareFolder, isShown, listPublished } from '../../aws/published-folder.ts'
import { putObject } from '../../aws/write-objects.ts'

const data: Bucket = { s3: (await startS3()).client, name: 'data' }

it('lists what readers of a folder see, in folders below as well', async () => {
  const seen = ['a.parquet', 'deeper/b.parquet', 'x.txt']
  const hidden = ['.hidden', '_SUCCESS', '_temporary/c.parquet', 'deeper/_d.parquet']
  for (const name of [...seen, ...hidden]) await putObject(data, `folder/${name}`, name)
  await putObject(data, 'folder2/e.parquet', 'e')
  expect((await listPublished(data, 'folder/')).map(({ key }) => key)).toEqual(
    seen.map((name) => `folder/${name}`),
  )
})

it('neither the folder itself nor a marker of a folder is a file', () => {
  expect(['', 'marker/', 'a'].filter(isShown)).toEqual(['a'])
})

it('a folder that holds the parts and nothing else does not differ', () => {
  const parts = [
    { key: 'a', bytes: 1, etag: 'one' },
    { key: 'b', bytes: 2 },
  ]
  const listed = [
    { key: 'a', size: 1, etag: 'one', modifiedAt: 0 },
    { key: 'b', size: 2, etag: 'any', modifiedAt: 0 },
  ]
  expect(compareFolder(parts, listed)).toEqual({ missing: [], altered: [], foreign: [] })
})

it('tells a part that is missing, cut short or overwritten from an object of somebody else', () => {
  const [gone, short, other] = [
    { key: 'gone', bytes: 1 },
    { key: 'short', bytes: 9, etag: 'x' },
    { key: 'other', bytes: 3, etag: 'before' },
  ]
  const listed = [
    { key: 'other', size: 3, etag: 'after', modifiedAt: 0 },
    { key: 'short', size: 4, etag: 'x', modifiedAt: 0 },
    { key: 'twin', size: 3, etag: 'before', modifiedAt: 0 },
  ]
  expect(compareFolder([gone, short, other], listed)).toEqual({
    missing: [gone],
    altered: [
      { part: short, found: listed[1] },
      { part: other, found: listed[0] },
    ],
    foreign: [listed[2]],
  })
})
