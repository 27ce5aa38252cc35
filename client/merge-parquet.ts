import { open, type FileHandle } from 'node:fs/promises'
import type { ColumnChunk, RowGroup } from 'hyparquet'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { DayfoldError } from '../core/errors.ts'
import type { ParquetFile } from './parquet-file.ts'

const COPY_BYTES = 1 << 20

/**
 * Merges Parquet files into a new one with all of their row groups, in order, by copying bytes without decoding them.
 * Holds the footers and one megabyte in memory. Statistics and page indexes are left out.
 *
 * @param files at least one
 * @param out path of the new file
 * @throws DayfoldError ColumnsMismatch if the files' columns differ
 */
export async function mergeParquet(files: readonly ParquetFile[], out: string): Promise<void> {
  const { schema } = files[0]!.metadata
  checkSchemas(files)
  const target = await open(out, 'w')
  try {
    const writer = new ByteWriter()
    const parquet = new ParquetWriter({ writer, schema })
    await drain(writer, target)
    for (const file of files) await appendRowGroups(file, parquet, writer, target)
    await parquet.finish()
    await drain(writer, target)
  } finally {
    await target.close()
  }
}

function checkSchemas(files: readonly ParquetFile[]): void {
  const [first, ...others] = files.map(({ metadata }) => JSON.stringify(metadata.schema))
  const different = others.findIndex((schema) => schema !== first)
  if (different === -1) return
  throw new DayfoldError(
    'ColumnsMismatch',
    `${files[different + 1]!.path}: expected the columns of ${files[0]!.path}, found others. Load to .jsonl instead.`,
  )
}

async function appendRowGroups(
  file: ParquetFile,
  parquet: ParquetWriter,
  writer: ByteWriter,
  target: FileHandle,
): Promise<void> {
  const source = await open(file.path, 'r')
  try {
    for (const rowGroup of file.metadata.row_groups) {
      const { start, end } = byteRange(rowGroup)
      const shift = BigInt(writer.offset - start)
      await copyBytes(source, start, end, target)
      writer.offset += end - start
      parquet.row_groups.push({
        ...rowGroup,
        columns: rowGroup.columns.map((chunk) => shifted(chunk, shift)),
      })
      parquet.num_rows += rowGroup.num_rows
    }
  } finally {
    await source.close()
  }
}

/** Returns the byte range of all pages of a row group. */
function byteRange({ columns }: RowGroup): { start: number; end: number } {
  let [start, end] = [Infinity, 0]
  for (const { meta_data } of columns) {
    const first = Number(meta_data!.dictionary_page_offset ?? meta_data!.data_page_offset)
    start = Math.min(start, first)
    end = Math.max(end, first + Number(meta_data!.total_compressed_size))
  }
  return { start, end }
}

/** Moves a chunk's offsets to its new place and drops those of bytes that were not copied. */
function shifted({ meta_data }: ColumnChunk, shift: bigint): ColumnChunk {
  const { type, encodings, path_in_schema, codec, num_values } = meta_data!
  const { total_uncompressed_size, total_compressed_size, dictionary_page_offset } = meta_data!
  return {
    file_offset: 0n,
    meta_data: {
      type,
      encodings,
      path_in_schema,
      codec,
      num_values,
      total_uncompressed_size,
      total_compressed_size,
      data_page_offset: meta_data!.data_page_offset + shift,
      ...(dictionary_page_offset !== undefined && {
        dictionary_page_offset: dictionary_page_offset + shift,
      }),
    },
  }
}

async function copyBytes(source: FileHandle, start: number, end: number, target: FileHandle): Promise<void> {
  const buffer = Buffer.allocUnsafe(Math.min(COPY_BYTES, end - start))
  for (let at = start; at < end;) {
    const { bytesRead } = await source.read(buffer, 0, Math.min(buffer.length, end - at), at)
    if (bytesRead === 0) throw new Error(`expected ${end} bytes, found ${at}`)
    await target.write(buffer, 0, bytesRead)
    at += bytesRead
  }
}

/** Moves the writer's bytes to the file. The writer's offset continues. */
async function drain(writer: ByteWriter, target: FileHandle): Promise<void> {
  await target.write(writer.getBytes())
  writer.index = 0
}
