import { mkdirSync } from 'node:fs'
import { AthenaClient } from '@aws-sdk/client-athena'
import { GlueClient, GetPartitionsCommand, StartCrawlerCommand } from '@aws-sdk/client-glue'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { parquetReadObjects } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { expect, onTestFinished, test } from 'vitest'
import { athenaService } from '@dayfold/local-aws/athena'
import { glueService } from '@dayfold/local-aws/glue'
import { homePaths } from '@dayfold/local-aws/home'
import { s3Service } from '@dayfold/local-aws/s3'
import { WORKGROUP } from '@dayfold/local-aws/test-support/athena'
import { clientFor, parquetTable, partKey, temporaryHome } from '@dayfold/local-aws/test-support/home'
import { queryRows, runQuery } from '../../aws/athena-query.ts'

const JOBS = parquetTable('jobs', { job_id: 'string' })

async function start() {
  const home = temporaryHome()
  const paths = homePaths(home)
  mkdirSync(paths.bucket('data'), { recursive: true })
  const s3 = s3Service({ root: paths.s3, metaRoot: paths.s3Meta })
  const { filePath, listObjects } = s3
  const CatalogTargets = [{ DatabaseName: 'dayfold', Tables: ['jobs'] }]
  const crawlers = [{ Name: 'dayfold-jobs', Targets: { CatalogTargets } }]
  const glue = glueService({ home, database: 'dayfold', tables: [JOBS], crawlers, filePath })
  const { catalog } = glue
  const athena = athenaService({ home, workgroups: [WORKGROUP], catalog, filePath, listObjects })
  onTestFinished(() => athena.close())
  const config = await clientFor(s3, glue, athena)
  const clients = {
    s3: new S3Client(config),
    glue: new GlueClient(config),
    athena: new AthenaClient(config),
  }
  const options = { athena: clients.athena, workgroup: 'dayfold', database: 'dayfold', pollMilliseconds: 5 }
  const rows = async (sql: string) => {
    const found: (readonly (string | null)[])[] = []
    for await (const row of queryRows(clients.athena, await runQuery(sql, options))) found.push(row)
    return found
  }
  const put = (day: string, ...ids: string[]) => {
    const columnData = [{ name: 'job_id', data: ids, type: 'STRING' as const }]
    const Body = Buffer.from(parquetWriteBuffer({ columnData }))
    return clients.s3.send(new PutObjectCommand({ Bucket: 'data', Key: partKey('jobs', day), Body }))
  }
  return { ...clients, glueIdle: () => glue.idle(), options, rows, put }
}

test('objects that were put are found by the crawler and counted by Athena, until they are deleted', async () => {
  const { s3, glue, glueIdle, rows, put } = await start()
  await put('2024-01-01', 'a', 'b')
  await put('2024-01-02', 'c')
  await glue.send(new StartCrawlerCommand({ Name: 'dayfold-jobs' }))
  await glueIdle()
  const { Partitions } = await glue.send(
    new GetPartitionsCommand({ DatabaseName: 'dayfold', TableName: 'jobs' }),
  )
  expect(Partitions?.map(({ Values }) => Values)).toEqual([['2024-01-01'], ['2024-01-02']])
  const count = 'SELECT day_partition, count(*) FROM jobs GROUP BY 1 ORDER BY 1'
  expect(await rows(count)).toEqual([
    ['2024-01-01', '2'],
    ['2024-01-02', '1'],
  ])
  await s3.send(new DeleteObjectCommand({ Bucket: 'data', Key: partKey('jobs', '2024-01-01') }))
  expect(await rows(count)).toEqual([['2024-01-02', '1']])
})

test('what UNLOAD writes is listed and read through S3', async () => {
  const { s3, glue, glueIdle, options, put } = await start()
  await put('2024-01-01', 'a', 'b')
  await glue.send(new StartCrawlerCommand({ Name: 'dayfold-jobs' }))
  await glueIdle()
  const prefix = 'athena-results/unload/x/'
  const select = 'SELECT job_id, day_partition FROM jobs ORDER BY 1'
  await runQuery(
    `UNLOAD (${select}) TO 's3://data/${prefix}' WITH (format = 'PARQUET', compression = 'SNAPPY')`,
    options,
  )
  const listing = await s3.send(new ListObjectsV2Command({ Bucket: 'data', Prefix: prefix }))
  expect(listing.KeyCount).toBe(1)
  const { Key, ETag } = listing.Contents![0]!
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'data', Key, IfMatch: ETag }))
  const file = (await Body!.transformToByteArray()).slice().buffer
  expect(await parquetReadObjects({ file })).toEqual([
    { job_id: 'a', day_partition: '2024-01-01' },
    { job_id: 'b', day_partition: '2024-01-01' },
  ])
})
