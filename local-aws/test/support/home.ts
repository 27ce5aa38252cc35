import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parquetWriteFile, type ColumnSource } from 'hyparquet-writer'
import { onTestFinished } from 'vitest'
import type { DeclaredTable } from '../../glue/model.ts'
import { homePaths } from '../../home/paths.ts'
import { startEndpoint } from '../../protocol/endpoint.ts'
import type { Service } from '../../protocol/service.ts'
import { s3Service, type S3Options } from '../../s3/service.ts'

/** Creates a home that is removed when the test is over. */
export function temporaryHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'dayfold-home-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  return home
}

/** Returns the file of an object, where the local S3 keeps it. */
export const fileIn = (home: string) => (bucket: string, key: string) => homePaths(home).object(bucket, key)

/** Returns an S3 over a home with the bucket `data`. */
export function s3In(home: string, mounts: S3Options['mounts'] = []) {
  const paths = homePaths(home)
  mkdirSync(paths.bucket('data'), { recursive: true })
  return s3Service({ root: paths.s3, metaRoot: paths.s3Meta, mounts })
}

/** Lists the objects under a prefix that ends with a slash. */
export async function listIn(home: string, bucket: string, prefix: string) {
  const folder = fileIn(home)(bucket, prefix)
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      const { size, ino } = statSync(path)
      return { key: prefix + path.slice(folder.length), size, etag: String(ino) }
    })
}

/** Starts an endpoint until the test is over; returns settings for its SDK clients. */
export async function clientFor(...services: Service[]) {
  const endpoint = await startEndpoint({ services })
  onTestFinished(() => endpoint.close())
  return {
    endpoint: endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  }
}

/** Declares a Parquet table over `processed/<name>/` in the bucket `data`. */
export function parquetTable(name: string, columns: Readonly<Record<string, string>>): DeclaredTable {
  return {
    Name: name,
    TableType: 'EXTERNAL_TABLE',
    PartitionKeys: [{ Name: 'day_partition', Type: 'string' }],
    StorageDescriptor: {
      Columns: Object.entries(columns).map(([Name, Type]) => ({ Name, Type })),
      Location: `s3://data/processed/${name}/`,
      InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
      OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
      SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
    },
  }
}

/** Writes a Parquet file as an object of the bucket `data`. */
export function putParquet(home: string, key: string, columns: ColumnSource[]): void {
  const filename = fileIn(home)('data', key)
  mkdirSync(dirname(filename), { recursive: true })
  parquetWriteFile({ filename, columnData: columns })
}

/** Returns the key of a day's part. */
export const partKey = (table: string, day: string, name = 'part-00001-00000.parquet') =>
  `processed/${table}/day_partition=${day}/${name}`
