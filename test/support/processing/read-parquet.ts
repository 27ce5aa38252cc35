import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance, type DuckDBValue } from '@duckdb/node-api'
import { parquetMetadata, parquetReadObjects, type FileMetaData } from 'hyparquet'

/** Reads the rows of files by hyparquet, which gives undefined for some nulls. */
export async function readWithHyparquet(files: readonly Uint8Array[]): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = []
  for (const bytes of files)
    rows.push(...(await parquetReadObjects({ file: toArrayBuffer(bytes), parsers: PARSERS })))
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, withNulls(value)])),
  )
}

/** hyparquet's own decoder takes a leading U+FEFF for a byte order mark. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const PARSERS = {
  stringFromBytes: (bytes: Uint8Array | undefined) => bytes && decoder.decode(bytes),
}

function withNulls(value: unknown): unknown {
  return Array.isArray(value) ? value.map(withNulls) : (value ?? null)
}

export function metadataOf(bytes: Uint8Array): FileMetaData {
  return parquetMetadata(toArrayBuffer(bytes))
}

function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer
}

/** Returns DuckDB's answers to queries about files: `FILES` in the SQL stands for them. */
export async function queryDuckDb(
  files: readonly Uint8Array[],
  sql: string,
): Promise<Record<string, DuckDBValue>[]> {
  const folder = mkdtempSync(join(tmpdir(), 'dayfold-parquet-'))
  const database = await DuckDBInstance.create()
  try {
    const names = files.map((bytes, index) => {
      const name = join(folder, `${String(index).padStart(5, '0')}.parquet`)
      writeFileSync(name, bytes)
      return `'${name}'`
    })
    const connection = await database.connect()
    const result = await connection.runAndReadAll(
      sql.replaceAll('FILES', `read_parquet([${names.join(', ')}])`),
    )
    const rows = result.getRowObjects()
    connection.closeSync()
    return rows
  } finally {
    database.closeSync()
    rmSync(folder, { recursive: true })
  }
}
