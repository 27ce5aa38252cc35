import type { ListObjectsV2CommandInput } from '@aws-sdk/client-s3'
import { compareKeys } from '../../../../core/layout.ts'
import { checkServed, type Call } from './call.ts'
import type { Cell, Cells } from './cells.ts'
import { dateOf, type S3Object } from './s3-object.ts'

/** Lists the objects below a prefix, in the order of the bytes of keys, a page at a time. */
export function listObjects(input: ListObjectsV2CommandInput): Call {
  checkServed(input, [
    'Bucket',
    'Prefix',
    'Delimiter',
    'StartAfter',
    'ContinuationToken',
    'MaxKeys',
    // Asks for the state of restores; there are none, because nothing is archived.
    'OptionalObjectAttributes',
  ])
  const { Bucket, Prefix = '', Delimiter, StartAfter, ContinuationToken, MaxKeys = 1000 } = input
  const subject = `${Bucket}/${Prefix}`
  const run: Call['run'] = (world) => {
    const after = `${Bucket}/${ContinuationToken ?? StartAfter ?? ''}`
    const groups = grouped(world.cells, subject, Delimiter).filter(({ last }) => compareKeys(last, after) > 0)
    const page = groups.slice(0, MaxKeys)
    const contents = page.filter(({ folder }) => folder === undefined).map(({ cell }) => cell)
    const folders = page.flatMap(({ folder }) =>
      folder === undefined ? [] : [folder.slice(Bucket!.length + 1)],
    )
    const isTruncated = groups.length > page.length
    const give = () => ({
      Contents: contents.map(({ value }) => listed(value)),
      CommonPrefixes: folders.map((folder) => ({ Prefix: folder })),
      KeyCount: page.length,
      IsTruncated: isTruncated,
      NextContinuationToken: isTruncated ? page.at(-1)!.last.slice(Bucket!.length + 1) : undefined,
    })
    const names = [...contents.map(({ value }) => value.key.slice(Prefix.length)), ...folders]
    return {
      world,
      id: [...contents.map(({ id }) => id), ...folders, isTruncated].join(),
      words: `[${names.join(' ')}]`,
      date: 0,
      give,
    }
  }
  return { name: 'ListObjectsV2', subject, reads: [`${subject}*`], writes: [], run }
}

interface Group {
  /** Cell of its first object. */
  readonly cell: Cell<S3Object>
  /** Common prefix, if one stands for its objects. */
  readonly folder?: string
  /** The name after which the next group begins. */
  readonly last: string
}

/** Groups the cells of a listing: objects, and the common prefixes of those with a later delimiter. */
function grouped(cells: Cells, prefix: string, delimiter: string | undefined): Group[] {
  const groups: Group[] = []
  for (const cell of cells.below<S3Object>(prefix)) {
    const end = delimiter ? cell.name.indexOf(delimiter, prefix.length) : -1
    const folder = end < 0 ? undefined : cell.name.slice(0, end + delimiter!.length)
    const previous = groups.at(-1)
    if (folder !== undefined && previous?.folder === folder)
      groups[groups.length - 1] = { ...previous, last: cell.name }
    else groups.push({ cell, ...(folder !== undefined && { folder }), last: cell.name })
  }
  return groups
}

function listed({ key, etag, body, lastModified }: S3Object) {
  return { Key: key, ETag: `"${etag}"`, Size: body.length, LastModified: dateOf(lastModified) }
}
