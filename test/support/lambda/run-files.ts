import type { CollectInput, ExecutionRef, Summary } from '../../../core/messages.ts'
import { putObject } from '../../../aws/write-objects.ts'
import type { World } from './world.ts'

/** Makes the summary of an execution without days. */
export const emptySummary = (execution: ExecutionRef): Summary => ({
  execution,
  dryRun: false,
  mode: 'changed',
  counts: {} as Summary['counts'],
  days: [],
})

/** Results of children by status, as the Map's ResultWriter sorts them into files. */
export type MapResults = Partial<Record<'SUCCEEDED' | 'FAILED' | 'PENDING', readonly object[]>>

/** Returns where the results of an execution's Map are. */
export const mapResultsOf = (execution: string): CollectInput['results'] => ({
  Bucket: 'data',
  Key: `runs/${execution}/map/id/manifest.json`,
})

/** Writes the results of an execution's Map, as Step Functions does. */
export async function writeMapResults(world: World, execution: string, results: MapResults): Promise<void> {
  const { data } = world.process('step-functions', 'arn').ledger
  const ResultFiles: Record<string, object[]> = {}
  for (const [status, children] of Object.entries(results)) {
    const Key = `runs/${execution}/map/id/${status}_0.json`
    ResultFiles[status] = children.length === 0 ? [] : [{ Key, Size: 1 }]
    if (children.length > 0) await putObject(data, Key, JSON.stringify(children))
  }
  const manifest = { DestinationBucket: 'data', MapRunArn: 'arn', ResultFiles }
  await putObject(data, mapResultsOf(execution).Key, JSON.stringify(manifest))
}
