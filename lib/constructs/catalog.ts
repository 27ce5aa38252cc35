import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam'
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue'
import { Aws, Stack } from 'aws-cdk-lib/core'
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
import type { Storage } from './storage.ts'

export interface CatalogProps {
  readonly database: string
  readonly datasets: readonly DeployedDataset[]
  readonly storage: Storage
}

const PARTITION_KEYS = [{ name: PARTITION_COLUMN, type: 'string' }]

const READ_ACTIONS = ['GetTable', 'GetPartition', 'GetPartitions']
/** https://docs.aws.amazon.com/athena/latest/ug/fine-grained-access-to-glue-resources.html */
const QUERY_ACTIONS = [...READ_ACTIONS, 'GetDatabase', 'GetTables', 'BatchGetPartition']
const SWITCH_ACTIONS = ['CreatePartition', 'UpdatePartition']

/** The Glue database: a table for each dataset and one over its rejected records. */
export class Catalog extends Construct {
  readonly database: string
  private readonly tables: readonly string[]
  private readonly crawlers: readonly string[]

  constructor(scope: Construct, id: string, props: CatalogProps) {
    super(scope, id)
    this.database = props.database
    this.tables = props.datasets.flatMap(({ name }) => [name, rejectedTable(name)])
    this.crawlers = props.datasets.flatMap(({ crawler }) => crawler ?? [])
    const database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name: props.database, description: 'Features of each day, made by Dayfold.' },
    })
    for (const dataset of props.datasets) {
      const scopeOfDataset = new Construct(this, dataset.name)
      for (const table of this.declareTables(scopeOfDataset, dataset, props))
        table.addResourceDependency(database)
    }
  }

  private declareTables(scope: Construct, dataset: DeployedDataset, { storage }: CatalogProps): CfnTable[] {
    const shared = { catalogId: Aws.ACCOUNT_ID, databaseName: this.database }
    const bucket = storage.data.bucketName
    const features = new CfnTable(scope, 'Table', { ...shared, tableInput: featureTable(dataset, bucket) })
    const rejected = new CfnTable(scope, 'Rejected', {
      ...shared,
      tableInput: rejectedTableInput(dataset.name, bucket),
    })
    return [features, rejected]
  }

  /** The scope of a dataset: its tables are in it, and its crawler belongs there. */
  ofDataset(name: string): Construct {
    return this.node.findChild(name)
  }

  /** Lets `grantee` read tables and partitions. */
  grantRead(grantee: IGrantable): void {
    this.grantGlue(grantee, READ_ACTIONS)
  }

  /** Lets `grantee` have Athena look up tables and partitions. */
  grantQuery(grantee: IGrantable): void {
    this.grantGlue(grantee, QUERY_ACTIONS)
  }

  /** Lets `grantee` make partitions, and point them to another folder. */
  grantSwitchPartitions(grantee: IGrantable): void {
    this.grantGlue(grantee, SWITCH_ACTIONS)
  }

  /** Lets `grantee` see how the crawlers do. */
  grantWatchCrawlers(grantee: IGrantable): void {
    this.grantCrawlers(grantee, 'glue:GetCrawler')
  }

  /** Lets `grantee` start the crawlers. */
  grantStartCrawlers(grantee: IGrantable): void {
    this.grantCrawlers(grantee, 'glue:StartCrawler')
  }

  private grantCrawlers(grantee: IGrantable, action: string): void {
    if (this.crawlers.length === 0) return
    const resourceArns = this.crawlers.map((crawler) => this.arn('crawler', crawler))
    Grant.addToPrincipal({ grantee, actions: [action], resourceArns })
  }

  /**
   * Lets `grantee` call Glue on this database.
   *
   * @param actions without the service
   * @param tables names of tables; default: all of the database
   */
  grantGlue(grantee: IGrantable, actions: readonly string[], tables: readonly string[] = this.tables): void {
    // Glue asks for the catalog, the database and the table alike.
    // https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html
    const resourceArns = [
      Stack.of(this).formatArn({ service: 'glue', resource: 'catalog' }),
      this.arn('database', this.database),
      ...tables.map((table) => this.arn('table', `${this.database}/${table}`)),
    ]
    Grant.addToPrincipal({ grantee, actions: actions.map((action) => `glue:${action}`), resourceArns })
  }

  private arn(resource: string, resourceName: string): string {
    return Stack.of(this).formatArn({ service: 'glue', resource, resourceName })
  }
}

function featureTable(dataset: DeployedDataset, bucket: string): CfnTable.TableInputProperty {
  return {
    name: dataset.name,
    description: `Features of ${dataset.name}, a partition for each day.`,
    tableType: 'EXTERNAL_TABLE',
    parameters: {
      classification: 'parquet',
      EXTERNAL: 'TRUE',
      'parquet.compression': 'SNAPPY',
      // A crawler compares both, and leaves a table alone that lacks them.
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

/** Fields of a reject, as Hive spells them: its column names are lower case, and the SerDe matches without case. */
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
 * Partitions are projected, so that no crawler is needed: name a range of days in a query, or it lists every day of
 * the projection. Athena shows nothing of a day outside of the range, so that it is every day that a run may be for, in
 * whatever year: bounds are inclusive and written in the format, whose `yyyy` begins with year 1.
 * https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
 */
function rejectedTableInput(dataset: string, bucket: string): CfnTable.TableInputProperty {
  const location = s3Uri(bucket, rejectedTablePrefix(dataset))
  return {
    name: rejectedTable(dataset),
    description: `Records of ${dataset} that were rejected, with file, line and reason.`,
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
