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
  /**
   * What jobs are given, as text: another one may cure what has failed.
   * @default not known
   */
  readonly jobSettings?: string
  /** ISO time. */
  readonly now: () => string
}
