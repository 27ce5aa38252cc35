import type { Bucket } from '../aws/objects.ts'
import { writeReport } from '../report/write-report.ts'
import type { WritePage } from './put-summary.ts'

/** Time for looking at days: what is left of a function's is for its own work. */
const BUDGET_SECONDS = 60

/** Writes pages about executions. What goes wrong with one is told by its name, and stops nothing. */
export function pageWriter(data: Bucket, onProblem: (name: string) => void): WritePage {
  return async (summary) => {
    try {
      return await writeReport(data, summary, { now: () => new Date(), budgetSeconds: BUDGET_SECONDS })
    } catch (error) {
      onProblem(error instanceof Error ? error.name : typeof error)
      return undefined
    }
  }
}
