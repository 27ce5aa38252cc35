import { DayfoldError } from '../../core/errors.ts'
import type { Input, RawObject, StoredFile } from '../../core/manifest.ts'
import type { WorkOrder } from '../../core/work-order.ts'
import type { JobReport } from '../../core/job-report.ts'

/**
 * Checks that a job's report belongs to its work order and that its counts of files, records, rows and bytes add up, so
 * that nothing is lost or counted twice.
 *
 * @throws DayfoldError FeatureVersionMismatch if order, report and deployment have different feature versions;
 * AccountingMismatch, with the first disagreements
 */
export function checkReport(order: WorkOrder, report: JobReport, deployedVersion: string): void {
  checkVersions(order, report, deployedVersion)
  const problems = [...identityProblems(order, report), ...inputProblems(order, report)]
  problems.push(...(order.kind === 'consolidate' ? mergeProblems(order, report) : sumProblems(report)))
  if (problems.length === 0) return
  const first = problems.slice(0, 5).join('; ')
  const more = problems.length > 5 ? ` and ${problems.length - 5} more` : ''
  throw new DayfoldError(
    'AccountingMismatch',
    `Report of ${order.dataset} ${order.date}: ${first}${more}. Nothing was published; run the day again.`,
    { context: { attempt: order.attempt, problems: problems.slice(0, 20) } },
  )
}

function checkVersions(order: WorkOrder, report: JobReport, deployed: string): void {
  if (order.featureVersion === report.featureVersion && order.featureVersion === deployed) return
  throw new DayfoldError(
    'FeatureVersionMismatch',
    `Feature code of ${order.dataset} ${order.date}: expected one version, found ${order.featureVersion} ordered, ` +
      `${report.featureVersion} in the image, ${deployed} deployed. Wait for the deployment to end and run the day again.`,
    { context: { ordered: order.featureVersion, image: report.featureVersion, deployed } },
  )
}

function identityProblems(order: WorkOrder, report: JobReport): string[] {
  const fields = ['kind', 'dataset', 'date', 'attempt'] as const
  return fields
    .filter((field) => order[field] !== report[field])
    .map((field) => `${field}: expected ${order[field]}, found ${report[field]}`)
}

/** Checks that every input of the order is there once and unchanged, and that its records and bytes add up. */
function inputProblems(order: WorkOrder, report: JobReport): string[] {
  const problems: string[] = []
  const reported = new Map<string, Input>(report.inputs.map((input) => [input.key, input]))
  if (reported.size !== report.inputs.length || report.inputs.length !== order.inputs.length) {
    problems.push(`expected ${order.inputs.length} inputs, each once, found ${report.inputs.length}`)
  }
  for (const ordered of order.inputs) {
    const input = reported.get(ordered.key)
    if (!input) problems.push(`${ordered.key}: expected its counts, found none`)
    else problems.push(...countProblems(ordered, input))
  }
  return problems
}

function countProblems(ordered: RawObject, input: Input): string[] {
  const { key, etag, size, records, kept, dropped, rejected } = input
  if (etag !== ordered.etag || size !== ordered.size) {
    return [`${key}: expected ETag ${ordered.etag} and ${ordered.size} bytes, found ${etag} and ${size}`]
  }
  const isSum = records === kept + dropped + rejected && Math.min(kept, dropped, rejected) >= 0
  if (isSum) return byteProblems(input)
  return [
    `${key}: expected records = kept + dropped + rejected, found ${records} = ${kept} + ${dropped} + ${rejected}`,
  ]
}

/** Checks that every byte is read, rejected or accounted for as not read. */
function byteProblems({ key, size, rejected: records, unread: why, bytes }: Input): string[] {
  if (!bytes) return []
  const { read, rejected, unread, decoded, compression } = bytes
  if (Math.min(read, rejected, unread) < 0 || read + rejected !== decoded) {
    return [`${key}: expected decoded bytes = read + rejected, found ${decoded} = ${read} + ${rejected}`]
  }
  if (compression === undefined ? decoded + unread !== size : unread > size) {
    const sum = compression === undefined ? `${decoded} decoded and ` : ''
    return [`${key}: expected all of ${size} stored bytes, found ${sum}${unread} not decoded`]
  }
  if (rejected > 0 && records === 0) return [`${key}: expected rejects of ${rejected} bytes, found none`]
  const isTold = unread === 0 || why !== undefined || records > 0
  return isTold ? [] : [`${key}: expected why ${unread} bytes were not decoded, found nothing`]
}

/** Compares counts of files and totals with the sums over the inputs. */
function sumProblems({ inputs, parts, rejects, totals }: JobReport): string[] {
  const kept = sum(inputs, (input) => input.kept)
  const rows = sum(parts, (part) => part.rows)
  return [
    ...expectEqual('rows in parts', totals.rows, rows),
    ...expectEqual(
      'records',
      sum(inputs, (input) => input.records),
      totals.records,
    ),
    ...expectEqual(
      'lines in reject files',
      sum(inputs, (input) => input.rejected),
      sum(rejects, (file) => file.rows),
    ),
    ...(rows < kept ? [`rows: expected at least one of each of ${kept} kept records, found ${rows}`] : []),
  ]
}

/** Checks that a consolidation wrote exactly the rows that it read. */
function mergeProblems(order: WorkOrder, report: JobReport): string[] {
  return [
    ...expectEqual(
      'rows',
      sum(order.parts, (part) => part.rows),
      sum(report.parts, (part) => part.rows),
    ),
    ...expectEqual(
      'rows in the totals',
      sum(order.parts, (part) => part.rows),
      report.totals.rows,
    ),
    ...expectEqual('reject files', 0, report.rejects.length),
  ]
}

function expectEqual(subject: string, expected: number, found: number): string[] {
  return expected === found ? [] : [`${subject}: expected ${expected}, found ${found}`]
}

/**
 * Checks that every file in a job's report exists in staging, with the reported number of bytes.
 *
 * @param listed bytes, by key, of the objects in staging
 * @throws DayfoldError StagingGone if one is missing; AccountingMismatch if one has another size
 */
export function checkStaged(files: readonly StoredFile[], listed: ReadonlyMap<string, number>): void {
  for (const { key, bytes } of files) {
    const found = listed.get(key)
    if (found === undefined) {
      throw new DayfoldError('StagingGone', `Staged file ${key}: expected it, found none. Run the day again.`)
    }
    if (found !== bytes) {
      throw new DayfoldError(
        'AccountingMismatch',
        `Staged file ${key}: expected ${bytes} bytes, found ${found}. Run the day again.`,
      )
    }
  }
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0)
}
