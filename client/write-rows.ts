import { createWriteStream } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { DayfoldError } from '../core/errors.ts'
import { mergeParquet } from './merge-parquet.ts'
import { columnNames, columnTrees, readBatches, type ParquetFile } from './parquet-file.ts'
import { csvHeader, csvLine, jsonLine } from './text-rows.ts'

/** Endings of file names that a load can write, which {@link WRITERS} implements. */
export const LOAD_FORMATS = ['.parquet', '.csv', '.jsonl'] as const
/** Ending of the name of a file that a load writes. It chooses the format. */
export type LoadFormat = (typeof LOAD_FORMATS)[number]

/**
 * Returns the format that the ending of a file's name chooses.
 *
 * @throws DayfoldError InvalidInput for any other ending
 */
export function loadFormat(file: string): LoadFormat {
  const ending = extname(file)
  const format = LOAD_FORMATS.find((candidate) => candidate === ending)
  if (format) return format
  const message = `Output file: expected a name that ends in ${LOAD_FORMATS.join(', ')}, found "${file}".`
  throw new DayfoldError('InvalidInput', message)
}

type Write = (parts: readonly ParquetFile[], file: string) => Promise<void>

/**
 * For each format, a function that merges the rows of Parquet files, in order, into one file. Parquet is merged by
 * copying bytes; text formats hold one row group in memory.
 */
export const WRITERS: Readonly<Record<LoadFormat, Write>> = {
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

async function* linesOf(parts: readonly ParquetFile[], line: typeof jsonLine): AsyncGenerator<string> {
  for (const part of parts) {
    const columns = columnTrees(part)
    for await (const rows of readBatches(part)) yield rows.map((row) => line(row, columns)).join('')
  }
}
