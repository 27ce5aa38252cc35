import { createHash } from 'node:crypto'
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3ServiceException,
  type CopyObjectCommandInput,
  type DeleteObjectCommandInput,
  type DeleteObjectsCommandInput,
  type GetObjectCommandInput,
  type HeadObjectCommandInput,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3'
import { checkServed, CLOCK, type Answer, type Call, type Operations, type World } from './call.ts'
import { cellOf, type Cell } from './cells.ts'
import { listObjects } from './list-objects.ts'
import { dateOf, type S3Object } from './s3-object.ts'

/** True if the age of an object of that name may be looked at; for any other the age is always 0. */
export type HasAge = (cell: string) => boolean

/** S3: strongly consistent, with conditional writes. https://docs.aws.amazon.com/AmazonS3/latest/API/ */
export function s3Operations(hasAge: HasAge = () => true): Operations {
  const timeIn = (world: World, name: string) => (hasAge(name) ? world.now : 0)

  const timed = (name: string) => (hasAge(name) ? [name, CLOCK] : [name])

  const put = (world: World, object: Omit<S3Object, 'lastModified'>, name: string): World => {
    const cell = objectCell(name, { ...object, lastModified: timeIn(world, name) })
    return { ...world, cells: world.cells.with(cell) }
  }

  function read(name: 'GetObject' | 'HeadObject', input: GetObjectCommandInput): Call {
    checkServed(input, ['Bucket', 'Key', 'IfMatch'])
    const subject = cellName(input)
    return call(name, subject, { reads: timed(subject) }, (world) => {
      const date = timeIn(world, subject)
      const found = world.cells.get<S3Object>(subject)
      if (!found) return refused(world, name === 'HeadObject' ? 'NotFound' : 'NoSuchKey', 404)
      if (!isMatch(input.IfMatch, found)) return refused(world, 'PreconditionFailed', 412)
      const give = () => ({ ...described(found.value), ...(name === 'GetObject' && bodyOf(found.value)) })
      return { world, id: `${found.id}@${date}`, words: wordsOf(found), date, give }
    })
  }

  function putObject(input: PutObjectCommandInput): Call {
    checkServed(input, ['Bucket', 'Key', 'Body', 'ContentType', 'Metadata', 'IfMatch', 'IfNoneMatch'])
    const subject = cellName(input)
    const body = Buffer.from(input.Body as string | Uint8Array)
    const { Key: key, ContentType: contentType, Metadata: metadata = {} } = input
    const object = { key: key!, body, etag: md5(body), contentType, metadata }
    return call('PutObject', subject, { reads: timed(subject), writes: [subject] }, (world) => {
      const failure = conditionFailure(world, input, world.cells.get(subject))
      if (failure) return failure
      return done(put(world, object, subject), object.etag, { ETag: `"${object.etag}"` })
    })
  }

  function copyObject(input: CopyObjectCommandInput): Call {
    checkServed(input, [
      'Bucket',
      'Key',
      'CopySource',
      'IfNoneMatch',
      'IfMatch',
      'CopySourceIfMatch',
      'MetadataDirective',
      'Metadata',
      'ContentType',
    ])
    const subject = cellName(input)
    const source = decodeURIComponent(input.CopySource!).replace(/^\//, '')
    return call(
      'CopyObject',
      `${source} -> ${subject}`,
      { reads: [source, ...timed(subject)], writes: [subject] },
      (world) => {
        const from = world.cells.get<S3Object>(source)
        if (!from) return refused(world, 'NoSuchKey', 404)
        if (!isMatch(input.CopySourceIfMatch, from)) return refused(world, 'PreconditionFailed', 412)
        const failure = conditionFailure(world, input, world.cells.get(subject))
        if (failure) return failure
        const { MetadataDirective, Metadata: metadata = {}, ContentType: contentType } = input
        const told = MetadataDirective === 'REPLACE' ? { metadata, contentType } : {}
        const next = put(world, { ...from.value, ...told, key: input.Key! }, subject)
        const { etag, lastModified } = next.cells.get<S3Object>(subject)!.value
        return done(next, etag, {
          CopyObjectResult: { ETag: `"${etag}"`, LastModified: dateOf(lastModified) },
        })
      },
    )
  }

  return new Map<unknown, (input: never) => Call>([
    [GetObjectCommand, (input: GetObjectCommandInput) => read('GetObject', input)],
    [HeadObjectCommand, (input: HeadObjectCommandInput) => read('HeadObject', input)],
    [PutObjectCommand, putObject],
    [CopyObjectCommand, copyObject],
    [DeleteObjectCommand, deleteObject],
    [DeleteObjectsCommand, deleteObjects],
    [ListObjectsV2Command, listObjects],
  ])
}

function deleteObject(input: DeleteObjectCommandInput): Call {
  checkServed(input, ['Bucket', 'Key', 'IfMatch'])
  const subject = cellName(input)
  return call('DeleteObject', subject, { reads: [subject], writes: [subject] }, (world) => {
    const failure = conditionFailure(world, input, world.cells.get(subject))
    return failure ?? done({ ...world, cells: world.cells.without(subject) }, 'ok', {})
  })
}

function deleteObjects({ Bucket, Delete, ...others }: DeleteObjectsCommandInput): Call {
  checkServed(others, [])
  const names = Delete!.Objects!.map(({ Key }) => cellName({ Bucket, Key }))
  return call('DeleteObjects', names.join(', '), { writes: names }, (world) => {
    const cells = names.reduce((left, name) => left.without(name), world.cells)
    const Deleted = Delete!.Quiet ? [] : Delete!.Objects!.map(({ Key }) => ({ Key }))
    return done({ ...world, cells }, 'ok', { Deleted, Errors: [] })
  })
}

/** Returns the failure of a request's conditions on the object that it replaces or deletes; undefined if they hold. */
function conditionFailure(
  world: World,
  {
    IfMatch,
    IfNoneMatch,
  }: { readonly IfMatch?: string | undefined; readonly IfNoneMatch?: string | undefined },
  found: Cell<S3Object> | undefined,
): Answer | undefined {
  if (IfNoneMatch !== undefined && found) return refused(world, 'PreconditionFailed', 412)
  if (IfMatch !== undefined && !found) return refused(world, 'NoSuchKey', 404)
  return isMatch(IfMatch, found) ? undefined : refused(world, 'PreconditionFailed', 412)
}

const isMatch = (etag: string | undefined, found: Cell<S3Object> | undefined) =>
  etag === undefined || etag.replaceAll('"', '') === found?.value.etag

function objectCell(name: string, object: S3Object): Cell<S3Object> {
  const { etag, lastModified, contentType, metadata } = object
  return cellOf(name, JSON.stringify([etag, lastModified, contentType, metadata]), object)
}

interface Touches {
  readonly reads?: readonly string[]
  readonly writes?: readonly string[]
}

function call(name: string, subject: string, { reads = [], writes = [] }: Touches, run: Call['run']): Call {
  return { name, subject, reads, writes, run }
}

const done = (world: World, id: string, output: object): Answer => ({
  world,
  id,
  words: 'ok',
  date: 0,
  give: () => output,
})

function refused(world: World, name: string, status: number): Answer {
  const give = () => {
    throw new S3ServiceException({
      name,
      message: name,
      $fault: 'client',
      $metadata: { httpStatusCode: status },
    })
  }
  return { world, id: name, words: `${status} ${name}`, date: 0, give, isRefused: true }
}

const cellName = ({
  Bucket,
  Key,
}: {
  readonly Bucket: string | undefined
  readonly Key: string | undefined
}) => `${Bucket}/${Key}`
const md5 = (body: Buffer) => createHash('md5').update(body).digest('hex')
const wordsOf = ({ value: { etag } }: Cell<S3Object>) => etag.slice(0, 6)

function described({ body, etag, metadata, contentType, lastModified }: S3Object) {
  return {
    ETag: `"${etag}"`,
    LastModified: dateOf(lastModified),
    Metadata: { ...metadata },
    ContentLength: body.length,
    ContentType: contentType,
  }
}

const bodyOf = ({ body }: S3Object) => ({
  Body: {
    transformToByteArray: () => Promise.resolve(new Uint8Array(body)),
    transformToString: () => Promise.resolve(body.toString()),
  },
})
