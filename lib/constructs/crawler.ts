import { CfnCrawler } from 'aws-cdk-lib/aws-glue'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { ArnFormat, Stack } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import type { DeployedDataset } from '../../core/deployment.ts'
import { tablePrefix } from '../../core/layout.ts'
import { acknowledge } from './acknowledge.ts'
import type { Catalog } from './catalog.ts'
import type { Storage } from './storage.ts'

export interface CrawlerProps {
  readonly dataset: DeployedDataset
  readonly catalog: Catalog
  readonly storage: Storage
}

/** Partitions take their columns from the table, and files of compatible columns never become tables of their own. */
const CONFIGURATION = {
  Version: 1,
  CrawlerOutput: {
    Partitions: { AddOrUpdateBehavior: 'InheritFromTable' },
    Tables: { AddOrUpdateBehavior: 'MergeNewColumns' },
  },
  Grouping: { TableGroupingPolicy: 'CombineCompatibleSchemas' },
}

/** What a crawler with a catalog target needs beyond reading the files. */
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
 * The crawler of a dataset's table, which lies beside it in `scope`: it adds partitions for new folders to the table that is declared already, and
 * deletes nothing. It has no schedule; the state machine starts it when the catalog lacks a published day.
 * https://docs.aws.amazon.com/glue/latest/dg/define-crawler.html
 */
export class Crawler extends Construct {
  constructor(scope: Construct, id: string, { dataset, catalog, storage }: CrawlerProps) {
    super(scope, id)
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('glue.amazonaws.com') })
    catalog.grantGlue(role, GLUE_ACTIONS, [dataset.name])
    storage.grantList(role)
    storage.grantLocate(role)
    storage.grant(role, 'read', tablePrefix(dataset.name))
    role.addToPolicy(this.writeLogs())
    const crawler = new CfnCrawler(this, 'Resource', {
      name: dataset.crawler,
      description: `Adds new days to the table ${dataset.name}.`,
      role: role.roleArn,
      targets: { catalogTargets: [{ databaseName: catalog.database, tables: [dataset.name] }] },
      // A catalog target allows no other way of deleting.
      schemaChangePolicy: { updateBehavior: 'UPDATE_IN_DATABASE', deleteBehavior: 'LOG' },
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
