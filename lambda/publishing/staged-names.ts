import { DayfoldError } from '../../core/errors.ts'
import { generationOf, partitionPrefix, rejectedPrefix } from '../../core/layout.ts'
import type { StoredFile } from '../../core/manifest.ts'
import type { WorkOrder } from '../../core/work-order.ts'
import type { JobReport } from '../../core/job-report.ts'

/** A staged file and the name that it is published under. */
export interface Staged {
  readonly file: StoredFile
  readonly to: string
}

/** What a job staged, with published names. */
export interface StagedFiles {
  readonly parts: readonly Staged[]
  readonly rejects: readonly Staged[]
}

/**
 * The published names of what a job staged: its own names, below the day's partition.
 *
 * @throws DayfoldError AccountingMismatch for a name that is not of the order's generation, not in the order's staging
 *   or there twice
 */
export function stagedFiles(order: WorkOrder, report: JobReport): StagedFiles {
  const { dataset, date } = order
  return {
    parts: named(order, report.parts, partitionPrefix(dataset, date)),
    rejects: named(order, report.rejects, rejectedPrefix(dataset, date)),
  }
}

function named(order: WorkOrder, files: readonly StoredFile[], prefix: string): Staged[] {
  const seen = new Set<string>()
  return files.map((file) => {
    const name = file.key.slice(file.key.lastIndexOf('/') + 1)
    const isOwn = file.key.startsWith(order.staging) && generationOf(name) === order.generation
    if (!isOwn || seen.has(name)) {
      throw new DayfoldError(
        'AccountingMismatch',
        `Report of ${order.dataset} ${order.date}: expected staged files of generation ${order.generation} under ` +
          `${order.staging}, each once, found ${file.key}. Run the day again.`,
      )
    }
    seen.add(name)
    return { file, to: prefix + name }
  })
}
