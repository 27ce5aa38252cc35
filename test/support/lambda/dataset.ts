import type { ColumnSpec } from '../../../core/columns.ts'
import type { DeployedDataset, Deployment } from '../../../core/deployment.ts'
import { DEFAULT_READ_SETTINGS } from '../../../core/read-settings.ts'

export const TABLE = 'jobs'
export const COLUMNS: readonly ColumnSpec[] = [{ name: 'id', kind: 'string', nullable: false }]
export const CRAWLER = 'test-jobs'

/** The dataset that the ledger's tests and the model are about. */
export const DATASET: DeployedDataset = {
  name: TABLE,
  columns: COLUMNS,
  ...DEFAULT_READ_SETTINGS,
  maxRejectedRatio: 0.5,
  featureVersion: 'v1',
  rawPrefix: TABLE,
  timeZone: 'UTC',
  lookbackDays: 7,
  crawler: CRAWLER,
}
export const DEPLOYMENT: Deployment = { datasets: [DATASET] }
