import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue'
import { Aws, RemovalPolicy } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { glueType } from '../../core/columns.ts'
import { FIRST_DAY, LAST_DAY } from '../../core/dates.ts'
import type { DeployedDataset } from '../../core/deployment.ts'
import {
  PARTITION_COLUMN,
  rejectedPrefix,
  rejectedTable,
  rejectedTablePrefix,
  s3Uri,
  tablePrefix,
} from '../../core/layout.ts'
import { MARKED, TABLE_MARK } from '../../core/table-mark.ts'

/** Datasets to create tables for, and the bucket that holds their files. */
export interface TablesProps {
  /** Name of the Glue database to create. */
  readonly database: string
  readonly datasets: readonly DeployedDataset[]
  readonly dataBucketName: string
}

const PARTITION_KEYS = [{ name: PARTITION_COLUMN, type: 'string' }]

/**
 * The Glue database, with a table for each dataset and one for its rejected records. Tables hold the partitions and are
 * therefore kept when their stack is deleted, like the files.
 */
export class Tables extends Construct {
  constructor(scope: Construct, id: string, props: TablesProps) {
    super(scope, id)
    const database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name: props.database, description: 'Features of each day, made by Dayfold.' },
    })
    database.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
    for (const dataset of props.datasets) {
      const inputs = {
        Table: featureTable(dataset, props.dataBucketName),
        Rejected: rejectedTableInput(dataset.name, props.dataBucketName),
      }
      const scopeOfDataset = new Construct(this, dataset.name)
      for (const [id, tableInput] of Object.entries(inputs)) {
        const table = new CfnTable(scopeOfDataset, id, {
          catalogId: Aws.ACCOUNT_ID,
          databaseName: props.database,
          tableInput,
        })
        table.addResourceDependency(database)
        table.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
      }
    }
  }
}

function featureTable(dataset: DeployedDataset, bucket: string): CfnTable.TableInputProperty {
  return {
    name: dataset.name,
    description: `Features of ${dataset.name}, one partition per day.`,
    tableType: 'EXTERNAL_TABLE',
    parameters: {
      classification: 'parquet',
      EXTERNAL: 'TRUE',
      'parquet.compression': 'SNAPPY',
      // A crawler compares both, and ignores a table without them.
      // https://github.com/aws-solutions-library-samples/cloud-intelligence-dashboards-data-collection/issues/463
      compressionType: 'none',
      typeOfData: 'file',
      [TABLE_MARK]: MARKED.features,
    },
    partitionKeys: PARTITION_KEYS,
    storageDescriptor: {
      location: s3Uri(bucket, tablePrefix(dataset.name)),
      columns: dataset.columns.map((column) => ({ name: column.name, type: glueType(column) })),
      inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
      outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
      serdeInfo: {
        serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
        parameters: { 'serialization.format': '1' },
      },
    },
  }
}

/** Fields of a reject as Hive spells them: column names are lower case, and the SerDe ignores case. */
const REJECT_COLUMNS = [
  { name: 'source', type: 'string' },
  { name: 'line', type: 'bigint' },
  { name: 'reason', type: 'string' },
  { name: 'message', type: 'string' },
  { name: 'raw', type: 'string' },
  { name: 'rawbase64', type: 'string' },
  { name: 'range', type: 'struct<start:bigint,end:bigint,of:string>' },
]

/**
 * Makes the table over rejected records. Its partitions are projected, so that it needs no crawler: a query without a
 * range of days lists every day of the projection. Athena shows nothing outside the range, which therefore covers every
 * day that a run may be for. Bounds are inclusive and written in the format, whose `yyyy` begins with year 1.
 * https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
 */
function rejectedTableInput(dataset: string, bucket: string): CfnTable.TableInputProperty {
  const location = s3Uri(bucket, rejectedTablePrefix(dataset))
  return {
    name: rejectedTable(dataset),
    description: `Rejected records of ${dataset}, with file, line and reason.`,
    tableType: 'EXTERNAL_TABLE',
    parameters: {
      classification: 'json',
      EXTERNAL: 'TRUE',
      [TABLE_MARK]: MARKED.rejected,
      'projection.enabled': 'true',
      [`projection.${PARTITION_COLUMN}.type`]: 'date',
      [`projection.${PARTITION_COLUMN}.format`]: 'yyyy-MM-dd',
      [`projection.${PARTITION_COLUMN}.range`]: `${FIRST_DAY},${LAST_DAY}`,
      'storage.location.template': s3Uri(bucket, rejectedPrefix(dataset, `\${${PARTITION_COLUMN}}`)),
    },
    partitionKeys: PARTITION_KEYS,
    storageDescriptor: {
      location,
      columns: REJECT_COLUMNS,
      inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
      outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
      serdeInfo: { serializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
    },
  }
}
