import type { DeployedDataset } from '../../core/deployment.ts'
import type { FileLimits } from '../../core/file-limits.ts'
import type { IsRunning } from '../../aws/executions.ts'
import type { Bucket } from '../../aws/objects.ts'
import type { Ledger } from '../ledger/ledger.ts'

/** What PlanDay works with. */
export interface PlanDayContext {
  readonly ledger: Ledger
  readonly raw: Bucket
  readonly dataset: DeployedDataset
  readonly isRunning: IsRunning
  readonly limits: FileLimits
  /** Begins the names of jobs. */
  readonly jobPrefix: string
  /** ISO time. */
  readonly now: () => string
}
