import { encodeReport } from '../../../../core/job-report.ts'
import { nameOf, partName, reportKey, stagedPartsPrefix } from '../../../../core/layout.ts'
import { totalsOf, type Input, type StoredFile } from '../../../../core/manifest.ts'
import type { WorkOrder } from '../../../../core/work-order.ts'
import { readObject, type Bucket } from '../../../../aws/objects.ts'
import { putObject } from '../../../../aws/write-objects.ts'
import { readWorkOrder } from '../../../../lambda/publishing/finished-work.ts'
import { rowOf, rowsIn } from './rows.ts'

/**
 * Does the work of an order's job. A raw file holds one record. Rows that are read come in two parts, if there is more
 * than one row; merged rows come in one.
 */
export async function runJob(data: Bucket, workOrder: string, maker: string): Promise<void> {
  const order = await readWorkOrder(data, workOrder)
  const counts = { records: 1, kept: 1, dropped: 0, rejected: 0 }
  const inputs = order.inputs.map(({ key, etag, size }): Input => ({ key, etag, size, ...counts }))
  const parts: StoredFile[] = []
  for (const rows of await contents(data, order, maker))
    parts.push(await stage(data, order, parts.length, rows))
  await putObject(data, reportKey(order.staging), encodeReport(reportOf(order, inputs, parts)))
}

async function contents(
  data: Bucket,
  { kind, inputs, parts }: WorkOrder,
  maker: string,
): Promise<string[][]> {
  if (kind !== 'consolidate') {
    const [first, ...others] = inputs.map(({ key }) => rowOf(nameOf(key).charAt(0), maker, inputs.length))
    return [[first!], others].filter((rows) => rows.length > 0)
  }
  const rows: string[] = []
  for (const { key } of parts) rows.push(...rowsIn((await readObject(data, key))!.body))
  return [rows]
}

async function stage(
  data: Bucket,
  { staging, generation, attempt }: WorkOrder,
  index: number,
  rows: readonly string[],
): Promise<StoredFile> {
  const key = stagedPartsPrefix(staging) + partName(generation, attempt, index)
  const text = rows.join(' ')
  await putObject(data, key, text)
  return { key, rows: rows.length, bytes: text.length }
}

function reportOf(order: WorkOrder, inputs: readonly Input[], parts: readonly StoredFile[]) {
  const { kind, dataset, date, attempt, featureVersion, startedAt } = order
  const totals = totalsOf(inputs, parts)
  const encoded = { reencodedValues: 0, encodedValues: 0, phaseSeconds: {} }
  const files = { inputs, parts, rejects: [] }
  return {
    kind,
    dataset,
    date,
    attempt,
    featureVersion,
    ...files,
    totals,
    ...encoded,
    startedAt,
    finishedAt: startedAt,
  }
}
