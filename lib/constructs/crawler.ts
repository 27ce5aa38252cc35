import { CfnCrawler } from 'aws-cdk-lib/aws-glue'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { ArnFormat, Stack } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { tablePrefix, tableReplacementsPrefix } from '../../core/layout.ts'
import { acknowledge } from './acknowledge.ts'
import type { Catalog } from './catalog.ts'
import type { Storage } from './storage.ts'

export interface CrawlerProps {
  readonly name: string
  readonly table: string
  readonly catalog: Catalog
  readonly storage: Storage
}

/** Partitions take their columns from the table, and files of compatible columns never become tables of their own. */
const CONFIGURATION = {
  Version: 1,
  CrawlerOutput: {
    Partitions: { AddOrUpdateBehavior: 'InheritFromTable' },
  },
  Grouping: { TableGroupingPolicy: 'CombineCompatibleSchemas' },
}

/**
 * What a crawler with a catalog target asks for beyond reading the files. Its policy keeps it from changing what is
 * known; AWS does not say that it makes no call for that.
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
 * The crawler of a dataset's table, which lies beside it in `scope`: it adds partitions that the table lacks, and changes
 * and deletes nothing. It has no schedule; the state machine starts it when a run has published new days.
 * https://docs.aws.amazon.com/glue/latest/dg/define-crawler.html
 */
export class Crawler extends Construct {
  constructor(scope: Construct, id: string, { name, table, catalog, storage }: CrawlerProps) {
    super(scope, id)
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('glue.amazonaws.com') })
    catalog.grantGlue(role, GLUE_ACTIONS, [table])
    storage.grantList(role)
    storage.grantLocate(role)
    storage.grant(role, 'read', tablePrefix(table), tableReplacementsPrefix(table))
    role.addToPolicy(this.writeLogs())
    const crawler = new CfnCrawler(this, 'Resource', {
      name,
      description: `Adds new days to the table ${table}.`,
      role: role.roleArn,
      targets: { catalogTargets: [{ databaseName: catalog.database, tables: [table] }] },
      // The stack declares the table, and nobody else does: new partitions come all the same. A catalog target allows no
      // other way of deleting.
      // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-glue-crawler-schemachangepolicy.html
      schemaChangePolicy: { updateBehavior: 'LOG', deleteBehavior: 'LOG' },
      configuration: JSON.stringify(CONFIGURATION),
    })
    crawler.node.addDependency(role, ...scope.node.children.filter((sibling) => sibling !== this))
    acknowledge(crawler, {
      'AwsSolutions-GL1':
        'Its log tells names of partitions only, and CloudWatch Logs encrypts it at rest anyway.',
    })
  }

  /** Glue's crawlers share log groups that the account owns. */
  private writeLogs(): PolicyStatement {
    const resourceName = '/aws-glue/crawlers*'
    return new PolicyStatement({
      actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [
        Stack.of(this).formatArn({
          service: 'logs',
          resource: 'log-group',
          resourceName,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
    })
  }
}
