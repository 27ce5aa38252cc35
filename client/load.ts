import { createWriteStream } from 'node:fs'
import { copyFile, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { queryColumns, runQuery } from '../aws/athena-query.ts'
import { retryOverlaps } from '../aws/overlaps.ts'
import { DayfoldError } from '../core/errors.ts'
import { emptyParquet } from './empty-parquet.ts'
import { mergeParquet } from './merge-parquet.ts'
import {
  columnNames,
  columnTrees,
  openParquet,
  readRowGroups,
  rowCount,
  type ParquetFile,
} from './parquet-file.ts'
import type { Target } from './target.ts'
import { csvHeader, csvLine, jsonLine } from './text-rows.ts'
import { downloadParts, inBrackets, unload } from './unload.ts'

/** Endings of the files that `loadToFile` writes. */
export const LOAD_FORMATS = ['.parquet', '.csv', '.jsonl'] as const
export type LoadFormat = (typeof LOAD_FORMATS)[number]

/**
 * The format that a file's name asks for.
 *
 * @throws DayfoldError InvalidInput for another ending
 */
export function loadFormat(file: string): LoadFormat {
  const ending = extname(file)
  const format = LOAD_FORMATS.find((candidate) => candidate === ending)
  if (format) return format
  const message = `Output file: expected a name that ends in ${LOAD_FORMATS.join(', ')}, found "${file}".`
  throw new DayfoldError('InvalidInput', message)
}

export interface Loaded {
  readonly file: string
  readonly rows: number
  readonly bytes: number
  readonly columns: readonly string[]
}

/**
 * Writes the result of a SELECT to a file, in no particular order of rows: UNLOAD keeps none, even where the query has
 * one. The file appears whole or not at all; meanwhile its folder holds the parts. Text formats hold a row group in
 * memory, Parquet nothing.
 * https://docs.aws.amazon.com/athena/latest/ug/unload.html
 *
 * @throws DayfoldError InvalidInput for a file of another format
 * @throws DayfoldError QueryFailed with Athena's reason
 */
export async function loadToFile(target: Target, sql: string, file: string): Promise<Loaded> {
  const format = loadFormat(file)
  // Beside the file, so that the rename at the end stays within one file system.
  const folder = await mkdtemp(join(dirname(file), `.${basename(file)}-`))
  try {
    const unloaded = await unload(target, sql)
    try {
      const paths = await downloadParts(target, unloaded.parts, folder)
      if (paths.length === 0) paths.push(await emptyPart(target, sql, folder))
      const parts = await Promise.all(paths.map(openParquet))
      const whole = join(folder, `whole${format}`)
      await WRITERS[format](parts, whole)
      await rename(whole, file)
      const rows = parts.reduce((sum, part) => sum + rowCount(part), 0)
      return { file, rows, bytes: (await stat(file)).size, columns: columnNames(parts[0]!) }
    } finally {
      await unloaded.remove()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** UNLOAD writes no file without rows: the columns come from the query itself. */
async function emptyPart(target: Target, sql: string, folder: string): Promise<string> {
  const { clients, database, workgroup } = target
  const columns = await retryOverlaps(async () => {
    const query = await runQuery(`SELECT * FROM ${inBrackets(sql)} LIMIT 0`, {
      athena: clients.athena,
      database,
      workgroup,
    })
    return queryColumns(clients.athena, query)
  })
  const path = join(folder, 'empty.parquet')
  await writeFile(path, emptyParquet(columns))
  return path
}

type Write = (parts: readonly ParquetFile[], file: string) => Promise<void>

const WRITERS: Readonly<Record<LoadFormat, Write>> = {
  '.parquet': (parts, file) =>
    parts.length === 1 ? copyFile(parts[0]!.path, file) : mergeParquet(parts, file),
  '.csv': (parts, file) => writeText(file, csvText(parts)),
  '.jsonl': (parts, file) => writeText(file, jsonText(parts)),
}

function writeText(file: string, text: AsyncIterable<string>): Promise<void> {
  return pipeline(Readable.from(text, { objectMode: true, highWaterMark: 4 }), createWriteStream(file))
}

async function* csvText(parts: readonly ParquetFile[]): AsyncGenerator<string> {
  yield csvHeader(columnNames(parts[0]!))
  yield* linesOf(parts, csvLine)
}

function jsonText(parts: readonly ParquetFile[]): AsyncGenerator<string> {
  return linesOf(parts, jsonLine)
}

const ROWS_A_CHUNK = 1000

async function* linesOf(parts: readonly ParquetFile[], line: typeof jsonLine): AsyncGenerator<string> {
  for (const part of parts) {
    const columns = columnTrees(part)
    for await (const rows of readRowGroups(part)) {
      for (let start = 0; start < rows.length; start += ROWS_A_CHUNK) {
        const chunk = rows.slice(start, start + ROWS_A_CHUNK)
        yield chunk.map((row) => line(row, columns)).join('')
      }
    }
  }
}
