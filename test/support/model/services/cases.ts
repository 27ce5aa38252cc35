import {
  CreatePartitionCommand,
  GetCrawlerCommand,
  GetPartitionCommand,
  GetPartitionsCommand,
  GetTableCommand,
  StartCrawlerCommand,
  UpdatePartitionCommand,
} from '@aws-sdk/client-glue'
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { readObject } from '../../../../aws/objects.ts'
import type { Clients } from './clients.ts'

/** Names for the cases: a bucket `data`, a table `jobs` of a database `test` and its crawler `test-jobs`, all empty. */
export const PLACES = { bucket: 'data', database: 'test', table: 'jobs', crawler: 'test-jobs' } as const

/** A behaviour of S3 and Glue, which the local services and the model's share. */
export interface ServiceCase {
  readonly name: string
  readonly does: (clients: Clients) => Promise<unknown>
  readonly gives: unknown
}

const Bucket = PLACES.bucket
const put = ({ s3 }: Clients, Key: string, Body: string, more: object = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }))
const head = ({ s3 }: Clients, Key: string) => s3.send(new HeadObjectCommand({ Bucket, Key }))
const text = async ({ s3 }: Clients, Key: string) => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }))
  return Buffer.from(await Body!.transformToByteArray()).toString()
}
const list = async ({ s3 }: Clients, more: object = {}) => {
  const answer = await s3.send(new ListObjectsV2Command({ Bucket, ...more }))
  return {
    keys: (answer.Contents ?? []).map(({ Key }) => Key),
    folders: (answer.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
    isTruncated: answer.IsTruncated ?? false,
    token: answer.NextContinuationToken,
  }
}
/** Returns the name and status of a call's error. */
const failure = (call: Promise<unknown>) =>
  call.then(
    () => 'nothing',
    (error: { name: string; $metadata?: { httpStatusCode?: number } }) =>
      `${error.$metadata?.httpStatusCode} ${error.name}`,
  )
const MD5_OF_A = '0cc175b9c0f1b6a831c399e269772661'

const S3_CASES: readonly ServiceCase[] = [
  {
    name: 'an object is read as it was written, with its metadata and MD5',
    async does(clients) {
      await put(clients, 'a', 'a', { Metadata: { attempt: 'x' }, ContentType: 'text/plain' })
      const { ETag, Metadata, ContentLength, ContentType } = await head(clients, 'a')
      return [await text(clients, 'a'), ETag, Metadata, ContentLength, ContentType]
    },
    gives: ['a', `"${MD5_OF_A}"`, { attempt: 'x' }, 1, 'text/plain'],
  },
  {
    name: 'an object that is not there',
    does: async (clients) => [await failure(text(clients, 'a')), await failure(head(clients, 'a'))],
    gives: ['404 NoSuchKey', '404 NotFound'],
  },
  {
    name: 'If-None-Match writes only where there is nothing',
    async does(clients) {
      await put(clients, 'a', 'one', { IfNoneMatch: '*' })
      const second = await failure(put(clients, 'a', 'two', { IfNoneMatch: '*' }))
      return [second, await text(clients, 'a')]
    },
    gives: ['412 PreconditionFailed', 'one'],
  },
  {
    name: 'If-Match writes only over that object',
    async does(clients) {
      const { ETag: IfMatch } = await put(clients, 'a', 'one')
      await put(clients, 'a', 'two', { IfMatch })
      const late = await failure(put(clients, 'a', 'three', { IfMatch }))
      return [late, await text(clients, 'a'), await failure(put(clients, 'none', 'one', { IfMatch }))]
    },
    gives: ['412 PreconditionFailed', 'two', '404 NoSuchKey'],
  },
  {
    name: 'If-Match reads only that object',
    async does(clients) {
      await put(clients, 'a', 'one')
      return failure(clients.s3.send(new GetObjectCommand({ Bucket, Key: 'a', IfMatch: `"${MD5_OF_A}"` })))
    },
    gives: '412 PreconditionFailed',
  },
  {
    name: 'a copy to a name that is not taken, with metadata of its own',
    async does(clients) {
      await put(clients, 'from/a', 'a', { Metadata: { attempt: 'x' } })
      const copy = (Key: string, more: object = {}) =>
        clients.s3.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/from/a`, ...more }))
      const { CopyObjectResult } = await copy('to/a', { IfNoneMatch: '*' })
      const again = await failure(copy('to/a', { IfNoneMatch: '*' }))
      await copy('to/b', { MetadataDirective: 'REPLACE', Metadata: { attempt: 'y' } })
      const metadata = [(await head(clients, 'to/a')).Metadata, (await head(clients, 'to/b')).Metadata]
      return [CopyObjectResult!.ETag, again, ...metadata, await text(clients, 'to/b')]
    },
    gives: [`"${MD5_OF_A}"`, '412 PreconditionFailed', { attempt: 'x' }, { attempt: 'y' }, 'a'],
  },
  {
    name: 'a copy of what is not there, to a free name and to a taken one',
    async does(clients) {
      await put(clients, 'taken', 'a')
      const copy = (Key: string) =>
        failure(
          clients.s3.send(
            new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/none`, IfNoneMatch: '*' }),
          ),
        )
      return [await copy('free'), await copy('taken')]
    },
    gives: ['404 NoSuchKey', '404 NoSuchKey'],
  },
  {
    name: 'a key with characters that are encoded is copied',
    async does(clients) {
      const key = 'day_partition=2024-01-02/a b+c%.parquet'
      await put(clients, key, 'a')
      const CopySource = [Bucket, ...key.split('/')].map(encodeURIComponent).join('/')
      await clients.s3.send(new CopyObjectCommand({ Bucket, Key: 'to', CopySource }))
      return text(clients, 'to')
    },
    gives: 'a',
  },
  {
    name: 'If-Match deletes only that object',
    async does(clients) {
      const remove = (IfMatch?: string) =>
        failure(clients.s3.send(new DeleteObjectCommand({ Bucket, Key: 'a', IfMatch })))
      const { ETag } = await put(clients, 'a', 'one')
      await put(clients, 'a', 'two')
      return [await remove(ETag), await remove(), await remove(), await remove(ETag)]
    },
    gives: ['412 PreconditionFailed', 'nothing', 'nothing', '404 NoSuchKey'],
  },
  {
    name: 'several objects are deleted at once, also those that are not there',
    async does(clients) {
      await put(clients, 'a', 'a')
      await put(clients, 'b', 'b')
      const Objects = [{ Key: 'a' }, { Key: 'none' }]
      await clients.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }))
      return (await list(clients)).keys
    },
    gives: ['b'],
  },
  {
    name: 'a listing is in the order of the bytes of keys',
    async does(clients) {
      for (const key of ['p/\u{1f600}', 'p/\uff5e', 'p/b', 'p/B', 'q']) await put(clients, key, 'a')
      return (await list(clients, { Prefix: 'p/' })).keys
    },
    gives: ['p/B', 'p/b', 'p/\uff5e', 'p/\u{1f600}'],
  },
  {
    name: 'a listing tells folders, and goes on after a key',
    async does(clients) {
      for (const key of ['p/a/1', 'p/a/2', 'p/b', 'p/c/1']) await put(clients, key, 'a')
      const { keys, folders } = await list(clients, { Prefix: 'p/', Delimiter: '/' })
      return [keys, folders, (await list(clients, { Prefix: 'p/', StartAfter: 'p/a/2' })).keys]
    },
    gives: [['p/b'], ['p/a/', 'p/c/'], ['p/b', 'p/c/1']],
  },
  {
    name: 'a listing comes in pages',
    async does(clients) {
      for (const key of ['a', 'b', 'c']) await put(clients, key, key)
      const first = await list(clients, { MaxKeys: 2 })
      const second = await list(clients, { MaxKeys: 2, ContinuationToken: first.token })
      return [first.keys, first.isTruncated, second.keys, second.isTruncated]
    },
    gives: [['a', 'b'], true, ['c'], false],
  },
  {
    name: 'a listing tells ETag, size and time of writing, which a HEAD tells as well',
    async does(clients) {
      await put(clients, 'a', 'a')
      const { Contents } = await clients.s3.send(new ListObjectsV2Command({ Bucket }))
      const [{ ETag, Size, LastModified } = {}] = Contents!
      return [ETag, Size, LastModified!.getTime() === (await head(clients, 'a')).LastModified!.getTime()]
    },
    gives: [`"${MD5_OF_A}"`, 1, true],
  },
  {
    name: 'an answer tells when it was given, by the clock by which objects have their age',
    async does(clients) {
      await put(clients, 'a', 'a')
      const { ageSeconds } = (await readObject({ s3: clients.s3, name: Bucket }, 'a'))!
      return ageSeconds >= 0 && ageSeconds < 60
    },
    gives: true,
  },
]

const names = { DatabaseName: PLACES.database, TableName: PLACES.table }
const partition = (day: string, Location: string) => ({
  ...names,
  PartitionInput: { Values: [day], StorageDescriptor: { Location }, Parameters: { made: 'here' } },
})
const create = ({ glue }: Clients, day: string, location: string) =>
  glue.send(new CreatePartitionCommand(partition(day, location)))
const update = ({ glue }: Clients, day: string, location: string) =>
  glue.send(new UpdatePartitionCommand({ ...partition(day, location), PartitionValueList: [day] }))
const find = async ({ glue }: Clients, day: string) => {
  const { Partition } = await glue.send(new GetPartitionCommand({ ...names, PartitionValues: [day] }))
  const { Values, TableName, Parameters, StorageDescriptor } = Partition!
  return [Values, TableName, Parameters, StorageDescriptor!.Location]
}

const GLUE_CASES: readonly ServiceCase[] = [
  {
    name: 'a table has its columns',
    async does({ glue }) {
      const { Table } = await glue.send(
        new GetTableCommand({ DatabaseName: PLACES.database, Name: PLACES.table }),
      )
      const none = glue.send(new GetTableCommand({ DatabaseName: PLACES.database, Name: 'none' }))
      return [Table!.StorageDescriptor!.Columns, await failure(none)]
    },
    gives: [[{ Name: 'id', Type: 'string' }], '400 EntityNotFoundException'],
  },
  {
    name: 'a partition is made once, and moved as often as one wants',
    async does(clients) {
      await create(clients, '2024-01-02', 's3://data/one/')
      const again = await failure(create(clients, '2024-01-02', 's3://data/two/'))
      await update(clients, '2024-01-02', 's3://data/three/')
      return [again, await find(clients, '2024-01-02')]
    },
    gives: ['400 AlreadyExistsException', [['2024-01-02'], 'jobs', { made: 'here' }, 's3://data/three/']],
  },
  {
    name: 'a partition that is not there is neither found nor moved',
    does: async (clients) => [
      await failure(find(clients, '2024-01-02')),
      await failure(update(clients, '2024-01-02', 's3://data/one/')),
    ],
    gives: ['400 EntityNotFoundException', '400 EntityNotFoundException'],
  },
  {
    name: 'all partitions of a table are told, in the order of their values',
    async does(clients) {
      await create(clients, '2024-01-03', 's3://data/three/')
      await create(clients, '2024-01-02', 's3://data/two/')
      const { Partitions } = await clients.glue.send(
        new GetPartitionsCommand({ ...names, ExcludeColumnSchema: true }),
      )
      return Partitions!.map(({ Values, StorageDescriptor }) => [...Values!, StorageDescriptor!.Location])
    },
    gives: [
      ['2024-01-02', 's3://data/two/'],
      ['2024-01-03', 's3://data/three/'],
    ],
  },
  {
    name: 'a crawler runs once at a time',
    async does({ glue }) {
      const state = async () =>
        (await glue.send(new GetCrawlerCommand({ Name: PLACES.crawler }))).Crawler!.State
      const start = () => failure(glue.send(new StartCrawlerCommand({ Name: PLACES.crawler })))
      return [await state(), await start(), await state(), await start()]
    },
    gives: ['READY', 'nothing', 'RUNNING', '400 CrawlerRunningException'],
  },
]

export const SERVICE_CASES: readonly ServiceCase[] = [...S3_CASES, ...GLUE_CASES]
