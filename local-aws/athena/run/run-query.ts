import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api'
import type { Clock } from '../../clock.ts'
import { parseS3Uri } from '../../s3/s3-uri.ts'
import type { Catalog } from '../../glue/catalog.ts'
import { identifier, literal, openEngine, type Engine } from '../sql/engine.ts'
import { formatValue } from '../sql/format.ts'
import { hidePath, namesPath } from '../sql/path-column.ts'
import type { QueryAnswer } from './query.ts'
import { QueryError } from '../sql/query-error.ts'
import { resultLine } from './results.ts'
import { takeSnapshot, type Pace, type Snapshot } from '../tables/snapshot.ts'
import type { Statement } from '../sql/statement.ts'
import { parseSelect, resultNames, type SyntaxTree } from '../sql/syntax-tree.ts'
import type { ObjectStore } from '../tables/table-files.ts'
import { asDuckdbReads } from '../sql/trino/syntax.ts'
import { translate } from '../sql/trino/translate.ts'
import { columnInfo, exportType, holdsFloats, unloadRefusal } from '../sql/types.ts'
import { createView, declareColumns, tableName } from '../tables/views.ts'

/** Options of {@link runQuery}. */
export interface QueryOptions {
  readonly catalog: Catalog
  /** Objects to read, and where to write results. */
  readonly store: ObjectStore
  /** Clock of the query, and hooks into its steps. */
  readonly pace: Pace
  readonly statement: Extract<Statement, { kind: 'select' | 'unload' }>
  /** Folder to create for the query's temporary files, on the file system of the objects. The caller removes it. */
  readonly folder: string
  /** `s3://` URI of the file of results, without its extension. */
  readonly output: string
  /** Cancels the query when it aborts. */
  readonly signal: AbortSignal
  /** Awaited when all rows have been computed and no object has been written. */
  readonly beforeEnd: () => Promise<void>
}

/**
 * Runs a SELECT or an UNLOAD with DuckDB. First the files of all its tables are fixed, so that it reads one state of
 * each. If an object of a table was replaced or deleted before the end, the query fails; otherwise its results appear
 * in S3. Holds one chunk of rows in memory beyond what DuckDB needs.
 *
 * @throws QueryError for SQL that Athena would refuse, or data that it could not read; or an error of DuckDB, which
 * `asQueryError` translates
 */
export async function runQuery(options: QueryOptions): Promise<QueryAnswer> {
  const { catalog, folder, statement, signal } = options
  await mkdir(folder, { recursive: true })
  const engine = await openEngine(folder, catalog.database)
  const stopInterrupting = interruptWhenAborted(engine, signal)
  try {
    const readable = asDuckdbReads(statement.sql)
    const tree = await parseSelect(engine.connection, readable)
    const withPath = namesPath(readable)
    const names = catalog.tableNames.filter((name) => tree.tables.has(name))
    const shown = withPath ? hidePath(readable, tree.statements, new Set(names)) : readable
    const sql = await translated(options, engine, names, shown, withPath)
    const snapshots = await showTables(options, engine, names, withPath)
    signal.throwIfAborted()
    const check = async () => {
      await options.beforeEnd()
      for (const snapshot of snapshots) await snapshot.check()
      signal.throwIfAborted()
    }
    const scannedBytes = snapshots.reduce((sum, { bytes }) => sum + bytes, 0)
    const answer =
      statement.kind === 'select'
        ? await select(options, sql, engine.connection, tree, check)
        : await unload(options, { ...statement, sql }, engine.connection, tree, check)
    return { ...answer, scannedBytes }
  } finally {
    stopInterrupting()
    engine.close()
  }
}

const INTERRUPT_EVERY_MS = 20

/**
 * Interrupts repeatedly until the query has noticed: DuckDB forgets an interrupt that comes before a statement begins.
 */
function interruptWhenAborted({ connection }: Engine, signal: AbortSignal): () => void {
  let timer: NodeJS.Timeout | undefined
  const interrupt = () => {
    connection.interrupt()
    timer = setTimeout(interrupt, INTERRUPT_EVERY_MS)
  }
  signal.addEventListener('abort', interrupt)
  return () => {
    signal.removeEventListener('abort', interrupt)
    clearTimeout(timer)
  }
}

/** Translates with empty tables of the same columns: types need no files, which are many and take time. */
async function translated(
  { catalog }: QueryOptions,
  { connection }: Engine,
  names: readonly string[],
  sql: string,
  withPath: boolean,
): Promise<string> {
  const tables = await Promise.all(names.map((name) => catalog.table(name)))
  for (const table of tables) await declareColumns(connection, catalog.database, table, withPath)
  const translation = await translate(connection, sql)
  for (const { name } of tables) await connection.run(`DROP TABLE ${tableName(catalog.database, name)}`)
  return translation
}

/** Creates the views. Tables unknown to the catalog are left for DuckDB to report: they may be a WITH of the query. */
async function showTables(
  options: QueryOptions,
  engine: Engine,
  names: readonly string[],
  withPath: boolean,
): Promise<Snapshot[]> {
  const { catalog, store, pace } = options
  const snapshots: Snapshot[] = []
  for (const table of names) {
    const snapshot = await takeSnapshot({
      catalog,
      store,
      pace,
      table,
      folder: join(options.folder, 'tables', table),
    })
    await createView(engine.connection, catalog.database, snapshot, withPath)
    snapshots.push(snapshot)
  }
  return snapshots
}

type Check = () => Promise<void>

async function select(
  { store, folder, output, pace: { clock } }: QueryOptions,
  sql: string,
  connection: DuckDBConnection,
  tree: SyntaxTree,
  check: Check,
): Promise<Omit<QueryAnswer, 'scannedBytes'>> {
  const result = await connection.stream(sql)
  const names = resultNames(tree, result.columnNames())
  const file = join(folder, 'results.csv')
  await pipeline(Readable.from(resultText(names, result)), createWriteStream(file))
  await check()
  await moveTo(store, clock, file, `${output}.csv`)
  const types = result.columnTypes()
  return { columns: names.map((name, index) => columnInfo(name, types[index]!)), output: `${output}.csv` }
}

async function* resultText(names: readonly string[], result: DuckDBResult): AsyncGenerator<string> {
  const types = result.columnTypes()
  yield resultLine(names)
  for (;;) {
    const chunk = await result.fetchChunk()
    if (!chunk || chunk.rowCount === 0) return
    const lines = chunk
      .getRows()
      .map((row) => resultLine(row.map((value, index) => formatValue(value, types[index]!))))
    yield lines.join('')
  }
}

async function unload(
  { store, folder, output, pace: { clock } }: QueryOptions,
  statement: Extract<Statement, { kind: 'unload' }>,
  connection: DuckDBConnection,
  tree: SyntaxTree,
  check: Check,
): Promise<Omit<QueryAnswer, 'scannedBytes'>> {
  const location = `${statement.location.replace(/\/$/, '')}/`
  await refuseUsedTarget(store, location)
  const file = join(folder, 'unloaded.parquet')
  const { sql, options } = await exportable(connection, statement.sql, tree)
  const to = `${literal(file)} (FORMAT parquet, COMPRESSION ${statement.compression}${options})`
  const rows = (await connection.runAndReadAll(`COPY (${sql}) TO ${to}`)).getRowsJson()[0]![0]
  await check()
  const target = `${location}${fileName(new Date(clock.now()))}`
  // Athena's writers make no file if there is no row.
  const files = Number(rows) > 0 ? [target] : []
  const list = join(folder, 'manifest.csv')
  await writeFile(list, files.map((uri) => `${uri}\n`).join(''))
  for (const uri of files) await moveTo(store, clock, file, uri)
  await moveTo(store, clock, list, `${output}-manifest.csv`)
  return { columns: [], output, manifest: `${output}-manifest.csv` }
}

/** Refuses a target that is not empty, as Athena does. https://docs.aws.amazon.com/athena/latest/ug/unload.html */
async function refuseUsedTarget(store: ObjectStore, location: string): Promise<void> {
  const uri = parseS3Uri(location)
  if (!uri)
    throw new QueryError('INVALID_LOCATION', `UNLOAD: expected s3://bucket/prefix/, found ${location}.`)
  const [first] = await store.listObjects(uri.bucket, uri.key)
  if (!first) return
  throw new QueryError(
    'HIVE_PATH_ALREADY_EXISTS',
    `Target directory already exists: ${location} holds ${first.key}.`,
  )
}

/** Avoids dictionaries: DuckDB's have a single entry for 0.0 and -0.0. */
const NO_DICTIONARY = ', DICTIONARY_SIZE_LIMIT 0'

/**
 * Rewrites the query with names that Parquet can hold, and 64 bits where DuckDB counts in 128; also returns further
 * options for COPY.
 *
 * @throws QueryError NOT_SUPPORTED or DUPLICATE_COLUMN_NAME for columns that Athena does not unload
 */
async function exportable(connection: DuckDBConnection, sql: string, tree: SyntaxTree) {
  const prepared = await connection.prepare(sql)
  const indexes = Array.from({ length: prepared.columnCount }, (_, index) => index)
  const types = indexes.map((index) => prepared.columnType(index))
  const names = resultNames(
    tree,
    indexes.map((index) => prepared.columnName(index)),
  )
  prepared.destroySync()
  const places = indexes.map((index) => `_${index}`)
  const rows = `(${sql}\n) AS _rows(${places.join(', ')})`
  // Without rows, so that none of the query is run.
  const typeNames = `SELECT ${places.map((place) => `typeof(any_value(${place}))`).join(', ')} FROM ${rows} WHERE false`
  const [described] = (await connection.runAndReadAll(typeNames)).getRows()
  for (const [index, name] of names.entries()) {
    const refusal = unloadRefusal(types[index]!, described![index] as string)
    if (refusal !== undefined) throw new QueryError('NOT_SUPPORTED', `${refusal} (column ${name})`)
    if (names.indexOf(name) < index) {
      throw new QueryError('DUPLICATE_COLUMN_NAME', `Column name '${name}' specified more than once`)
    }
  }
  const columns = names.map((name, index) => {
    const type = exportType(types[index]!)
    const value = type === undefined ? places[index]! : `CAST(${places[index]} AS ${type})`
    return `${value} AS ${identifier(name)}`
  })
  return {
    sql: `SELECT ${columns.join(', ')} FROM ${rows}`,
    options: types.some(holdsFloats) ? NO_DICTIONARY : '',
  }
}

/** Returns a name like those that Athena gives the files of an UNLOAD. */
function fileName(at: Date): string {
  const time = at
    .toISOString()
    .replace(/[-:]|\..*/g, '')
    .replace('T', '_')
  const random = randomBytes(16).toString('hex')
  return `${time}_00000_${random.slice(0, 5)}_${random}`
}

/** Moves a file to an object's place, which makes all of it appear at once. */
async function moveTo(store: ObjectStore, clock: Clock, file: string, uri: string): Promise<void> {
  const { bucket, key } = parseS3Uri(uri)!
  const now = new Date(clock.now())
  if (clock.ahead !== 0) await utimes(file, now, now)
  const target = store.filePath(bucket, key, 'write')
  await mkdir(dirname(target), { recursive: true })
  await rename(file, target)
}
