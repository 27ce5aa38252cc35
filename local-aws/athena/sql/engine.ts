import { mkdir } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { textDecoder } from '@duckdb/node-api/lib/vectors/dataAccessors.js'
import { DIALECT, SETTINGS } from './dialect.ts'

/**
 * Name of the DuckDB database that holds a query's tables. It is Athena's own name for the Glue catalog, so queries can
 * use it.
 */
export const CATALOG = 'awsdatacatalog'

/** DuckDB's client takes U+FEFF at the start of a text for a byte order mark and drops it; this decoder keeps it. */
const wholeText = new TextDecoder('utf-8', { ignoreBOM: true })
Object.assign(textDecoder as object, { decode: (bytes: Uint8Array) => wholeText.decode(bytes) })

/** A DuckDB instance for one query. */
export interface Engine {
  readonly connection: DuckDBConnection
  /** Frees its memory and threads. */
  close(): void
}

/** Share of the machine's memory: two queries run at once beside the job and S3. DuckDB spills the rest to disk. */
const MEMORY_SHARE = 0.2
/** Room for two buffers of JSON lines of the largest size. */
const LEAST_MEMORY_BYTES = 2 * 2 ** 30

/**
 * Opens an empty DuckDB database in memory for one query, set up to behave like Athena. SQL in it can read and write
 * only files in `folder`. Opening takes about ten milliseconds and a few megabytes. A query uses up to a fifth of this
 * machine's memory, or 2 GiB if that is more; the rest spills to disk.
 *
 * @param folder folder of the query's temporary files
 * @param database name of the Glue database, which becomes the default schema
 */
export async function openEngine(folder: string, database: string): Promise<Engine> {
  const spill = join(folder, 'spill')
  await mkdir(spill, { recursive: true })
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(availableParallelism()),
    memory_limit: `${Math.ceil(Math.max(totalmem() * MEMORY_SHARE, LEAST_MEMORY_BYTES) / 2 ** 20)}MiB`,
  })
  const connection = await instance.connect()
  const close = () => {
    connection.closeSync()
    instance.closeSync()
  }
  try {
    await connection.run(setUp(folder, spill, database))
    return { connection, close }
  } catch (error) {
    close()
    throw error
  }
}

function setUp(folder: string, spill: string, database: string): string {
  return [
    `ATTACH ':memory:' AS ${CATALOG};`,
    `CREATE SCHEMA ${CATALOG}.${identifier(database)};`,
    DIALECT,
    ...SETTINGS.map((setting) => `SET ${setting};`),
    // The macro's schema comes after the tables' own.
    `SET search_path = ${literal(`${CATALOG}.${identifier(database)},memory.main`)};`,
    `SET temp_directory = ${literal(spill)};`,
    'SET autoinstall_known_extensions = false;',
    `SET allowed_directories = [${literal(`${folder}/`)}];`,
    'SET enable_external_access = false;',
    'SET lock_configuration = true;',
  ].join('\n')
}

/** Returns a text as a string literal of SQL, with quotes and escapes. */
export const literal = (text: string) => `'${text.replaceAll("'", "''")}'`
/** Returns a name as a quoted identifier of SQL. */
export const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`
