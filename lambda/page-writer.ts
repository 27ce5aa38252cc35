import type { Bucket } from '../aws/objects.ts'
import { writeReport } from '../report/write-report.ts'
import type { WritePage } from './put-summary.ts'

/** Maximum time for reading days, so that the rest of the function's time is left for its own work. */
const BUDGET_SECONDS = 60

/**
 * Makes a function that writes the page of an execution (`report/`). If that fails, there is no page: the function
 * returns undefined and `onProblem` gets the error's name.
 */
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
