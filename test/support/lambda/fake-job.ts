import { parquetReadObjects } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { gzipSync } from 'node:zlib'
import {
  partName,
  rejectName,
  reportKey,
  sketchName,
  stagedPartsPrefix,
  stagedRejectsPrefix,
  stagedSketchesPrefix,
} from '../../../core/layout.ts'
import { totalsOf, type Input, type RawObject, type StoredFile } from '../../../core/manifest.ts'
import { valueCounts } from '../../../core/sketches/column-sketch.ts'
import { encodeSketch, mergeShard, newDaySketch } from '../../../core/sketches/day-sketch.ts'
import type { WorkOrder } from '../../../core/work-order.ts'
import { encodeReport, type JobReport } from '../../../core/job-report.ts'
import { readObject, type Bucket } from '../../../aws/objects.ts'
import { putObject } from '../../../aws/write-objects.ts'
import { COLUMNS } from './dataset.ts'
import { readWorkOrder } from '../../../lambda/publishing/finished-work.ts'

/** Does the work of a job in a few lines: each raw line is an id, `bad…` is rejected, `drop…` is dropped. */
export async function runFakeJob(
  data: Bucket,
  raw: Bucket,
  workOrder: string,
  change: (report: JobReport) => JobReport = (report) => report,
): Promise<WorkOrder> {
  const order = await readWorkOrder(data, workOrder)
  const read = order.kind === 'consolidate' ? await readParts(data, order) : await readInputs(raw, order)
  const parts = await stageParts(data, order, read.ids)
  const rejects = await stageRejects(data, order, read.bad)
  const report: JobReport = {
    kind: order.kind,
    dataset: order.dataset,
    date: order.date,
    attempt: order.attempt,
    featureVersion: order.featureVersion,
    inputs: read.inputs,
    parts,
    rejects,
    sketches: order.kind === 'consolidate' ? [] : [await stageSketch(data, order, read.ids)],
    totals: totalsOf(read.inputs, parts),
    reencodedValues: 0,
    encodedValues: 0,
    phaseSeconds: {},
    startedAt: order.startedAt,
    finishedAt: order.startedAt,
  }
  await putObject(data, reportKey(order.staging), encodeReport(change(report)))
  return order
}

interface Read {
  readonly ids: string[]
  readonly bad: string[]
  readonly inputs: Input[]
}

async function readInputs(raw: Bucket, order: WorkOrder): Promise<Read> {
  const read: Read = { ids: [], bad: [], inputs: [] }
  for (const object of order.inputs) {
    const body = (await readObject(raw, object.key))!.body
    const lines = Buffer.from(body).toString('utf8').split('\n').filter(Boolean)
    read.inputs.push(countLines(object, lines, read))
  }
  return read
}

function countLines(object: RawObject, lines: readonly string[], read: Read): Input {
  const bad = lines.filter((line) => line.startsWith('bad'))
  const dropped = lines.filter((line) => line.startsWith('drop'))
  const kept = lines.filter((line) => !line.startsWith('bad') && !line.startsWith('drop'))
  read.ids.push(...kept)
  read.bad.push(...bad)
  const { key, etag, size } = object
  return {
    key,
    etag,
    size,
    records: lines.length,
    kept: kept.length,
    dropped: dropped.length,
    rejected: bad.length,
  }
}

async function readParts(data: Bucket, order: WorkOrder): Promise<Read> {
  const ids: string[] = []
  for (const part of order.parts) ids.push(...(await idsOf((await readObject(data, part.key))!.body)))
  return { ids, bad: [], inputs: [] }
}

/** Reads the ids in a Parquet file. */
export async function idsOf(bytes: Uint8Array): Promise<string[]> {
  const file = Uint8Array.from(bytes).buffer
  const rows = await parquetReadObjects({ file })
  return rows.map((row) => String(row['id']))
}

async function stageParts(data: Bucket, order: WorkOrder, ids: readonly string[]): Promise<StoredFile[]> {
  const parts: StoredFile[] = []
  const { partRows } = order.limits
  for (let start = 0; start < ids.length; start += partRows) {
    const rows = ids.slice(start, start + partRows)
    const bytes = new Uint8Array(
      parquetWriteBuffer({ columnData: [{ name: 'id', data: rows, type: 'STRING' }] }),
    )
    const key = stagedPartsPrefix(order.staging) + partName(order.generation, order.attempt, parts.length)
    await putObject(data, key, bytes)
    parts.push({ key, rows: rows.length, bytes: bytes.length })
  }
  return parts
}

/** Stages a sketch as the engine would, except for the number of different values, which takes long to count. */
async function stageSketch(data: Bucket, order: WorkOrder, ids: readonly string[]): Promise<StoredFile> {
  const sketch = newDaySketch(COLUMNS)
  const sorted = [...ids].sort()
  const top = [...new Set(ids)].map((id) => [id, ids.filter((other) => other === id).length] as const)
  const column = {
    nulls: 0,
    values: ids.length,
    min: sorted[0],
    max: sorted.at(-1),
    entries: [],
    top: valueCounts(top),
    missed: 0,
  }
  mergeShard(sketch, { rows: ids.length, columns: [column], counted: [] })
  const key = stagedSketchesPrefix(order.staging) + sketchName(order.generation, order.attempt)
  const bytes = encodeSketch(sketch)
  await putObject(data, key, bytes)
  return { key, rows: ids.length, bytes: bytes.length }
}

async function stageRejects(data: Bucket, order: WorkOrder, bad: readonly string[]): Promise<StoredFile[]> {
  if (bad.length === 0) return []
  const bytes = gzipSync(bad.map((line) => `${JSON.stringify({ raw: line })}\n`).join(''))
  const key = stagedRejectsPrefix(order.staging) + rejectName(order.generation, order.attempt, 0)
  await putObject(data, key, bytes)
  return [{ key, rows: bad.length, bytes: bytes.length }]
}
