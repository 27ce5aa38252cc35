import { GENERATED_REGISTRY } from '../generated/registry.ts'
import type { DayDataset } from './messages.ts'
import { DEFAULT_REGISTRY } from '../../../lib/bundle/options.ts'

/** Datasets to process the day with: a deployed one, and one whose features cost next to nothing. */
export const DAY_DATASETS = {
  jobs: { name: 'jobs', id: 'job_id', registry: DEFAULT_REGISTRY },
  listings: { name: 'listings', id: 'id', registry: GENERATED_REGISTRY },
} as const satisfies Record<string, DayDataset>
