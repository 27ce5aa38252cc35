import { parseS3Uri } from '../../s3/s3-uri.ts'
import type { FileUse } from '../../iam/access.ts'
import type { CatalogTable } from '../../glue/model.ts'
import { QueryError } from '../sql/query-error.ts'
import type { Place } from './places.ts'
import { projections } from './projection.ts'

/** An object in a listing of S3. */
export interface ListedObject {
  readonly key: string
  /** Size in bytes. */
  readonly size: number
}

/** The part of S3 that Athena uses. */
export interface ObjectStore {
  /** Returns every object below a prefix that ends with a slash, all in memory. */
  readonly listObjects: (
    bucket: string,
    prefix: string,
  ) => Promise<readonly ListedObject[]> | readonly ListedObject[]
  /**
   * Returns the path of an object's file, existing or not; throws AwsError AccessDenied for a use that is not allowed.
   */
  readonly filePath: (bucket: string, key: string, use: FileUse) => string
}

/** An object whose rows belong to a table. */
export interface TableFile {
  readonly bucket: string
  readonly key: string
  /** Size in bytes. */
  readonly size: number
  /** Values of the partition keys, in the order of the keys. */
  readonly values: readonly string[]
}

/**
 * Lists the objects at a location that hold rows of a table. Ignored are empty objects, objects with a segment below
 * the location that begins with `_` or `.`, and objects outside a partition projection.
 * https://docs.aws.amazon.com/athena/latest/ug/tables-location-format.html
 */
export async function listPlace(store: ObjectStore, table: CatalogTable, place: Place): Promise<TableFile[]> {
  const { partition } = place
  const isProjected = !partition && (table.input.PartitionKeys ?? []).length > 0
  const valuesOf = isProjected ? projectedValues(table, place.resolvedAt) : () => partition?.values ?? []
  return listLocation(store, table, place.location, valuesOf)
}

async function listLocation(
  store: ObjectStore,
  table: CatalogTable,
  location: string | undefined,
  valuesOf: (path: string) => readonly string[] | undefined,
): Promise<TableFile[]> {
  const uri = parseS3Uri(`${(location ?? '').replace(/\/$/, '')}/`)
  if (!uri) throw new QueryError('HIVE_METASTORE_ERROR', `Table ${table.name}: no S3 location: ${location}`)
  const { bucket, key: prefix } = uri
  const objects = await store.listObjects(bucket, prefix)
  return objects.flatMap(({ key, size }) => {
    const path = key.slice(prefix.length)
    const values = size > 0 && !isHidden(path) ? valuesOf(path) : undefined
    return values ? [{ bucket, key, size, values }] : []
  })
}

const isHidden = (path: string) => path.split('/').some((name) => /^[_.]/.test(name))

/**
 * Returns a function that reads the values of projected partitions from a path `<key>=<value>/…`; undefined for an
 * object elsewhere, or with values that the projection lacks.
 * https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html
 */
function projectedValues(table: CatalogTable, now: number): (path: string) => string[] | undefined {
  const keys = (table.input.PartitionKeys ?? []).map(({ Name }) => Name)
  checkTemplate(table, keys)
  const projected = projections(table, now)
  return (path) => {
    const folders = path.split('/').slice(0, -1)
    const values = keys.map((key, index) => {
      const folder = folders[index]
      return folder?.startsWith(`${key}=`) ? decodeURIComponent(folder.slice(key.length + 1)) : undefined
    })
    const isSeen = values.every((value, index) => value !== undefined && projected[index]!(value))
    return isSeen ? (values as string[]) : undefined
  }
}

function checkTemplate(table: CatalogTable, keys: readonly string[]): void {
  const template = table.input.Parameters?.['storage.location.template']
  const location = table.input.StorageDescriptor?.Location?.replace(/\/$/, '')
  const usual = `${location}/${keys.map((key) => `${key}=\${${key}}`).join('/')}`
  if (template === undefined || template.replace(/\/$/, '') === usual) return
  throw new QueryError(
    'NOT_SUPPORTED',
    `Table ${table.name}: storage.location.template: expected ${usual}, found ${template}.`,
  )
}
