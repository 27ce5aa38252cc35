import { DayfoldError } from '../../core/errors.ts'
import { generationOf, nameOf, rejectedPrefix, stateDayPrefix } from '../../core/layout.ts'
import type { Copy, StoredFile } from '../../core/manifest.ts'
import type { WorkOrder } from '../../core/work-order.ts'
import type { JobReport } from '../../core/job-report.ts'

/** Files that a job staged, under the keys that they will be published as, and the copies that bring them there. */
export interface StagedFiles {
  readonly parts: readonly StoredFile[]
  readonly rejects: readonly StoredFile[]
  readonly sketches: readonly StoredFile[]
  /** One per file: from its key in staging. */
  readonly copies: readonly Copy[]
}

/**
 * Returns the files that a job staged, under the same file names in the folders that they will be published in. Copies
 * nothing itself.
 *
 * @param location prefix of the folder for parts
 * @throws DayfoldError AccountingMismatch for a file of another generation, outside the order's staging folder, or
 * named twice
 */
export function stagedFiles(order: WorkOrder, report: JobReport, location: string): StagedFiles {
  const parts = named(order, report.parts, location)
  const rejects = named(order, report.rejects, rejectedPrefix(order.dataset, order.date))
  const sketches = named(order, report.sketches ?? [], stateDayPrefix(order.dataset, order.date))
  const [from, to] = [stagedBy(report), [...parts, ...rejects, ...sketches]]
  const copies = from.map(({ key, bytes }, index) => ({ from: key, to: to[index]!.key, bytes }))
  return { parts, rejects, sketches, copies }
}

/** Returns all files that a job staged except its report: parts, then reject files, then sketches. */
export const stagedBy = ({ parts, rejects, sketches = [] }: JobReport): readonly StoredFile[] => [
  ...parts,
  ...rejects,
  ...sketches,
]

function named(order: WorkOrder, files: readonly StoredFile[], prefix: string): StoredFile[] {
  const seen = new Set<string>()
  return files.map(({ key, rows, bytes }) => {
    const name = nameOf(key)
    const isOwn = key.startsWith(order.staging) && generationOf(name) === order.generation
    if (!isOwn || seen.has(name)) {
      throw new DayfoldError(
        'AccountingMismatch',
        `Report of ${order.dataset} ${order.date}: expected staged files of generation ${order.generation} under ` +
          `${order.staging}, each once, found ${key}. Run the day again.`,
      )
    }
    seen.add(name)
    return { key: prefix + name, rows, bytes }
  })
}
