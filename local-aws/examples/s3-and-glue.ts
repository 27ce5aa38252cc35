import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreatePartitionCommand, GetPartitionsCommand, GlueClient } from '@aws-sdk/client-glue'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { glueService, homePaths, s3Service, startEndpoint } from '@dayfold/local-aws'

const home = mkdtempSync(join(tmpdir(), 'local-aws-'))
const paths = homePaths(home)
mkdirSync(paths.bucket('lake'), { recursive: true })

const s3 = s3Service({ root: paths.s3, metaRoot: paths.s3Meta })
const orders = {
  Name: 'orders',
  PartitionKeys: [{ Name: 'day', Type: 'string' }],
  StorageDescriptor: { Columns: [{ Name: 'id', Type: 'bigint' }], Location: 's3://lake/orders/' },
}
const glue = glueService({ home, database: 'shop', tables: [orders], crawlers: [], filePath: s3.filePath })
const endpoint = await startEndpoint({ services: [s3, glue] })

// From here on it is AWS: the SDK's own clients, with any credentials.
const credentials = { accessKeyId: 'me', secretAccessKey: 'secret' }
const config = { endpoint: endpoint.url, region: 'us-east-1', credentials }
const table = { DatabaseName: 'shop', TableName: 'orders' }
const objects = new S3Client(config)
const catalog = new GlueClient(config)
await objects.send(new PutObjectCommand({ Bucket: 'lake', Key: 'orders/day=2024-05-06/1', Body: '{"id":1}' }))
const StorageDescriptor = { Location: 's3://lake/orders/day=2024-05-06/' }
const PartitionInput = { Values: ['2024-05-06'], StorageDescriptor }
await catalog.send(new CreatePartitionCommand({ ...table, PartitionInput }))
const { Partitions } = await catalog.send(new GetPartitionsCommand(table))
console.log(Partitions?.map(({ Values }) => Values?.join('/')))

objects.destroy()
catalog.destroy()
await endpoint.close()
