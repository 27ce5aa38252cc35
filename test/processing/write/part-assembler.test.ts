import { expect, test } from 'vitest'
import type { ColumnSpec } from '../../../core/columns.ts'
import { unpackChunk, type PackedChunk } from '../../../processing/parquet/chunk.ts'
import { partAssembler } from '../../../processing/write/part-assembler.ts'
import { rowEncoder } from '../../../processing/parquet/row-encoder.ts'
import { memorySink } from '../../support/processing/day.ts'

const COLUMNS: ColumnSpec[] = [{ name: 'n', kind: 'int32', nullable: false }]

function chunkOf(rows: number): PackedChunk {
  const encoder = rowEncoder(COLUMNS, { compressSeconds: 0 })
  for (let n = 0; n < rows; n++) encoder.append({ n })
  return encoder.finish()
}

test('the memory of chunks is given back when their row group is written, and not before', async () => {
  const { sink, files } = memorySink()
  const assembler = partAssembler({
    columns: COLUMNS,
    limits: { partRows: 1000, partBytes: 2 ** 30, rowGroupRows: 200 },
    generation: 1,
    attempt: 'a1',
    sink,
    chunkRows: 100,
  })
  const chunks = [chunkOf(100), chunkOf(100), chunkOf(50)]
  const freed: SharedArrayBuffer[] = []
  const held = () => chunks.map(({ buffer }) => !freed.includes(buffer))
  const unpacked = chunks.map((chunk) => unpackChunk(chunk, (buffer) => freed.push(buffer)))
  await assembler.add(unpacked[0]!)
  expect(held()).toEqual([true, true, true])
  await assembler.add(unpacked[1]!)
  expect(held()).toEqual([false, false, true])
  await assembler.add(unpacked[2]!)
  const [part] = await assembler.finish()
  expect(held()).toEqual([false, false, false])
  expect(part).toMatchObject({ rows: 250, bytes: files.get('parts/part-00001-a1-00000.parquet')!.length })
})
