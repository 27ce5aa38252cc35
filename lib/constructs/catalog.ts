import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam'
import { Stack } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'

/** Names by which the database and the crawlers of a deployment are known. */
export interface CatalogProps {
  /** Name of the database, which another stack makes. */
  readonly database: string
  /** Pattern of the names of this deployment's crawlers; undefined if it has none. */
  readonly crawlers: string | undefined
}

const READ_ACTIONS = ['GetTable', 'GetPartition', 'GetPartitions']
/** Actions of a query. https://docs.aws.amazon.com/athena/latest/ug/fine-grained-access-to-glue-resources.html */
const QUERY_ACTIONS = [...READ_ACTIONS, 'GetDatabase', 'GetTables', 'BatchGetPartition']
const SWITCH_ACTIONS = ['CreatePartition', 'UpdatePartition']

/** The Glue database of a deployment, known by its name: grants access to its tables and to the crawlers. */
export class Catalog extends Construct {
  /** Name of the database. */
  readonly database: string
  private readonly props: CatalogProps

  constructor(scope: Construct, id: string, props: CatalogProps) {
    super(scope, id)
    this.props = props
    this.database = props.database
  }

  /** Lets `grantee` read tables and partitions. */
  grantRead(grantee: IGrantable): void {
    this.grantGlue(grantee, READ_ACTIONS)
  }

  /** Lets `grantee` look up tables and partitions through Athena. */
  grantQuery(grantee: IGrantable): void {
    this.grantGlue(grantee, QUERY_ACTIONS)
  }

  /** Lets `grantee` create partitions and point them to other folders. */
  grantSwitchPartitions(grantee: IGrantable): void {
    this.grantGlue(grantee, SWITCH_ACTIONS)
  }

  /** Lets `grantee` read the state of the crawlers. */
  grantWatchCrawlers(grantee: IGrantable): void {
    this.grantCrawlers(grantee, 'glue:GetCrawler')
  }

  /** Lets `grantee` start the crawlers. */
  grantStartCrawlers(grantee: IGrantable): void {
    this.grantCrawlers(grantee, 'glue:StartCrawler')
  }

  private grantCrawlers(grantee: IGrantable, action: string): void {
    const { crawlers } = this.props
    if (crawlers === undefined) return
    Grant.addToPrincipal({ grantee, actions: [action], resourceArns: [this.arn('crawler', crawlers)] })
  }

  /**
   * Lets `grantee` call Glue on this database and all of its tables. They are not named one by one: the database
   * belongs to this deployment alone, and a policy has room for few names.
   *
   * @param actions without the prefix `glue:`
   */
  grantGlue(grantee: IGrantable, actions: readonly string[]): void {
    // Glue checks access to the catalog, the database and the table alike.
    // https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html
    const resourceArns = [
      Stack.of(this).formatArn({ service: 'glue', resource: 'catalog' }),
      this.arn('database', this.database),
      this.arn('table', `${this.database}/*`),
    ]
    Grant.addToPrincipal({ grantee, actions: actions.map((action) => `glue:${action}`), resourceArns })
  }

  private arn(resource: string, resourceName: string): string {
    return Stack.of(this).formatArn({ service: 'glue', resource, resourceName })
  }
}
