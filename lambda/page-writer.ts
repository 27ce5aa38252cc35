import type { Bucket } from '../aws/objects.ts'
import { writeReport } from '../report/write-report.ts'
import type { WritePage } from './put-summary.ts'

/** Time for looking at days, so that the rest of the function's time is left for its own work. */
const BUDGET_SECONDS = 60

/** Makes a writer of execution pages. A page that fails is not written: `onProblem` gets the error's name. */
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
