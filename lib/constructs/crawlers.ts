import { CfnCrawler } from 'aws-cdk-lib/aws-glue'
import type { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import { PROCESSED, REPLACEMENTS } from '../../core/layout.ts'
import { acknowledge } from './acknowledge.ts'
import type { Catalog } from './catalog.ts'
import { serviceRole } from './service-role.ts'
import { allowSharedLogs } from './shared-logs.ts'
import type { Storage } from './storage.ts'

/** Names of the crawlers, and the catalog and bucket that they may use. */
export interface CrawlersProps {
  /** Prefix of the names of the crawlers and of their log streams. */
  readonly namePrefix: string
  /** Name of each table's crawler, by the name of the table. */
  readonly ofTables: Readonly<Record<string, string>>
  readonly catalog: Catalog
  readonly storage: Storage
}

/**
 * Lets partitions take their columns from the table, and combines files with compatible columns instead of making
 * tables of them.
 */
const CONFIGURATION = {
  Version: 1,
  CrawlerOutput: {
    Partitions: { AddOrUpdateBehavior: 'InheritFromTable' },
  },
  Grouping: { TableGroupingPolicy: 'CombineCompatibleSchemas' },
}

/**
 * Actions that a crawler with a catalog target needs beside reading files. Its policy keeps it from changing known
 * tables and partitions, but AWS does not say that it makes no such call.
 */
const GLUE_ACTIONS = [
  'GetDatabase',
  'GetTable',
  'GetTables',
  'UpdateTable',
  'GetPartition',
  'GetPartitions',
  'BatchGetPartition',
  'CreatePartition',
  'BatchCreatePartition',
  'UpdatePartition',
  'BatchUpdatePartition',
]

/**
 * The crawlers of the datasets' tables. Each adds partitions that its table lacks; it changes and deletes nothing. They
 * have no schedule: the state machine starts them after a run that published new days. They share one role, because a
 * stack holds 500 resources.
 * https://docs.aws.amazon.com/glue/latest/dg/define-crawler.html
 */
export class Crawlers extends Construct {
  /** Role that all crawlers share. */
  readonly role: Role

  constructor(scope: Construct, id: string, props: CrawlersProps) {
    super(scope, id)
    const { catalog, storage } = props
    this.role = serviceRole(this, 'Role', { service: 'glue' })
    catalog.grantGlue(this.role, GLUE_ACTIONS)
    storage.grantList(this.role)
    storage.grantLocate(this.role)
    storage.grant(this.role, 'read', PROCESSED, REPLACEMENTS)
    for (const statement of this.writeLogs(props.namePrefix)) this.role.addToPolicy(statement)
    for (const [table, name] of Object.entries(props.ofTables)) this.add(table, name, catalog.database)
  }

  private add(table: string, name: string, databaseName: string): void {
    const crawler = new CfnCrawler(this, table, {
      name,
      description: `Adds new days to the table ${table}.`,
      role: this.role.roleArn,
      targets: { catalogTargets: [{ databaseName, tables: [table] }] },
      // Only the data stack declares the table; new partitions are added all the same. A catalog target allows no other
      // way of deleting.
      // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-glue-crawler-schemachangepolicy.html
      schemaChangePolicy: { updateBehavior: 'LOG', deleteBehavior: 'LOG' },
      configuration: JSON.stringify(CONFIGURATION),
    })
    crawler.node.addDependency(this.role)
    acknowledge(crawler, {
      'AwsSolutions-GL1':
        'Its log contains names of partitions only, and CloudWatch Logs encrypts it at rest.',
    })
  }

  /**
   * Glue's crawlers write to log groups that belong to the account; a stream has its crawler's name.
   * https://docs.aws.amazon.com/glue/latest/dg/monitor-crawler.html
   */
  private writeLogs(namePrefix: string): PolicyStatement[] {
    const group = '/aws-glue/crawlers*'
    return [
      allowSharedLogs(this, group, 'CreateLogGroup', 'CreateLogStream'),
      allowSharedLogs(this, `${group}:log-stream:${namePrefix}*`, 'PutLogEvents'),
    ]
  }
}
