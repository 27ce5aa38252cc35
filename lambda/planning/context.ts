import type { DeployedDataset } from '../../core/deployment.ts'
import type { FileLimits } from '../../core/file-limits.ts'
import type { IsRunning } from '../../aws/executions.ts'
import type { Bucket } from '../../aws/objects.ts'
import type { Ledger } from '../ledger/ledger.ts'

/** Clients, settings and clock of PlanDay. */
export interface PlanDayContext {
  readonly ledger: Ledger
  readonly raw: Bucket
  readonly dataset: DeployedDataset
  readonly isRunning: IsRunning
  readonly limits: FileLimits
  /** Prefix of the names of jobs. */
  readonly jobPrefix: string
  /**
   * Settings of the jobs as text: a change of them may cure a failed day.
   * @default not known
   */
  readonly jobSettings?: string
  /** Returns the ISO time. */
  readonly now: () => string
}
