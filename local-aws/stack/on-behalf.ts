import type { ObjectStore } from '../athena/tables/table-files.ts'
import { glueAccesses } from '../glue/accesses.ts'
import type { Catalog } from '../glue/catalog.ts'
import type { CatalogTable } from '../glue/model.ts'
import type { Access, Authorize, FileUse } from '../iam/access.ts'
import type { Caller } from '../protocol/caller.ts'
import type { Place } from '../protocol/place.ts'
import { listAccess, objectArn } from '../s3/accesses.ts'

/** The Glue catalog and the S3 objects that a query or a crawl works on. */
interface Data {
  readonly catalog: Catalog
  readonly filePath: (bucket: string, key: string, use: FileUse) => string
  readonly listObjects?: ObjectStore['listObjects']
}

/** Permission checks for a service that works on behalf of a caller. */
export interface OnBehalfOptions {
  /** Checks the caller's permissions for the Glue catalog. */
  readonly authorize: Authorize
  /** Checks the caller's permissions for S3. */
  readonly authorizeS3: Authorize
  readonly place: Place
}

/**
 * Restricts the catalog and the objects to what `caller` may do: Athena reads with the permissions of the query's
 * sender, a crawler with those of its role. Every access is checked when it is made, and one that is not allowed throws
 * AwsError AccessDenied (S3) or AccessDeniedException (Glue).
 * https://docs.aws.amazon.com/athena/latest/ug/security-iam-athena.html
 * https://docs.aws.amazon.com/glue/latest/dg/crawler-prereqs.html
 */
export function onBehalfOf<D extends Data>(caller: Caller, data: D, options: OnBehalfOptions): D {
  const { authorizeS3 } = options
  const { listObjects } = data
  return {
    ...data,
    catalog: catalogFor(caller, data.catalog, options),
    filePath(bucket, key, use) {
      authorizeS3(caller, [fileAccess(bucket, key, use)])
      return data.filePath(bucket, key, use)
    },
    ...(listObjects && {
      listObjects(bucket: string, prefix: string) {
        authorizeS3(caller, [listAccess(bucket, prefix)])
        return listObjects(bucket, prefix)
      },
    }),
  }
}

function fileAccess(bucket: string, key: string, use: FileUse): Access {
  if (use === 'list') return listAccess(bucket, key)
  return { action: use === 'read' ? 's3:GetObject' : 's3:PutObject', resource: objectArn(bucket, key) }
}

function catalogFor(caller: Caller, catalog: Catalog, { authorize, place }: OnBehalfOptions): Catalog {
  const { database } = catalog
  const accesses = glueAccesses(place)
  return {
    ...catalog,
    async table(name) {
      authorize(caller, accesses.GetDatabase({ Name: database }))
      authorize(caller, accesses.GetTable({ DatabaseName: database, Name: name }))
      const table = await catalog.table(name)
      if (hasStoredPartitions(table))
        authorize(caller, accesses.GetPartitions({ DatabaseName: database, TableName: name }))
      return table
    },
    async updateTable(table, input) {
      authorize(caller, accesses.UpdateTable({ DatabaseName: database, TableInput: { Name: table } }))
      return catalog.updateTable(table, input)
    },
    async alterPartition(table, values, alter) {
      authorize(caller, accesses.UpdatePartition({ DatabaseName: database, TableName: table }))
      return catalog.alterPartition(table, values, alter)
    },
    async createPartitions(table, changes) {
      authorize(caller, accesses.BatchCreatePartition({ DatabaseName: database, TableName: table }))
      return catalog.createPartitions(table, changes)
    },
  }
}

function hasStoredPartitions({ input }: CatalogTable): boolean {
  return (input.PartitionKeys ?? []).length > 0 && input.Parameters?.['projection.enabled'] !== 'true'
}
