import type { DeployedDataset } from '../../core/deployment.ts'
import type { FileLimits } from '../../core/file-limits.ts'
import type { IsRunning } from '../../aws/executions.ts'
import type { Bucket } from '../../aws/objects.ts'
import type { Ledger } from '../ledger/ledger.ts'

/** Clients, settings and clock that PlanDay works with. */
export interface PlanDayContext {
  readonly ledger: Ledger
  /** The raw bucket. */
  readonly raw: Bucket
  readonly dataset: DeployedDataset
  /** Tells if an execution, or a child of the Map, is still running. */
  readonly isRunning: IsRunning
  /** Sizes of parts and row groups that jobs are told to write. */
  readonly limits: FileLimits
  /** First part of the names of jobs: the deployment's name. */
  readonly jobPrefix: string
  /**
   * Settings of the deployment's jobs as text. Only compared: after a change, days that failed are tried again.
   * @default not known
   */
  readonly jobSettings?: string
  /** Returns the current time as an ISO time. */
  readonly now: () => string
}
