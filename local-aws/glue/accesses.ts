import type { Access } from '../iam/access.ts'
import type { Place } from '../protocol/place.ts'

interface Named {
  readonly Name: string
}
interface OfDatabase {
  readonly DatabaseName: string
}
interface OfTable extends OfDatabase {
  readonly TableName: string
}

/**
 * Returns, for each operation of Glue, a function that computes the permissions that a request needs: on the catalog,
 * database and table, or on the crawler.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsglue.html
 */
export function glueAccesses({ region, account }: Place) {
  const on = (operation: string, ...resources: readonly string[]): readonly Access[] =>
    resources.map((resource) => ({
      action: `glue:${operation}`,
      resource: `arn:aws:glue:${region}:${account}:${resource}`,
    }))
  const onTable = (operation: string, database: string, table: string) =>
    on(operation, 'catalog', `database/${database}`, `table/${database}/${table}`)
  const onItsTable = (operation: string) => (input: OfTable) =>
    onTable(operation, input.DatabaseName, input.TableName)
  const onCrawler = (operation: string) => (input: Named) => on(operation, `crawler/${input.Name}`)
  return {
    GetDatabase: ({ Name }: Named) => on('GetDatabase', 'catalog', `database/${Name}`),
    GetTable: ({ DatabaseName, Name }: OfDatabase & Named) => onTable('GetTable', DatabaseName, Name),
    GetTables: ({ DatabaseName }: OfDatabase) => onTable('GetTables', DatabaseName, '*'),
    UpdateTable: ({ DatabaseName, TableInput }: OfDatabase & { readonly TableInput?: Named }) =>
      onTable('UpdateTable', DatabaseName, TableInput?.Name ?? '*'),
    GetPartition: onItsTable('GetPartition'),
    GetPartitions: onItsTable('GetPartitions'),
    BatchGetPartition: onItsTable('BatchGetPartition'),
    CreatePartition: onItsTable('CreatePartition'),
    BatchCreatePartition: onItsTable('BatchCreatePartition'),
    UpdatePartition: onItsTable('UpdatePartition'),
    DeletePartition: onItsTable('DeletePartition'),
    GetCrawler: onCrawler('GetCrawler'),
    StartCrawler: onCrawler('StartCrawler'),
  }
}
