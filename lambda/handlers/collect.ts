import { S3Client } from '@aws-sdk/client-s3'
import { readEnvironment } from '../../core/environment.ts'
import type { CollectInput, CollectOutput } from '../../core/messages.ts'
import { CLIENT_DEFAULTS } from '../clients.ts'
import { log, metricsOf } from '../log.ts'
import { collect } from '../results/collect.ts'

const environment = readEnvironment('collect', process.env)
const countMetrics = metricsOf(environment)
const data = { s3: new S3Client(CLIENT_DEFAULTS), name: environment.DATA_BUCKET }

/** Collect: the outcome of every dataset-day. */
export async function handler(event: CollectInput): Promise<CollectOutput> {
  const output = await collect(event, {
    data,
    now: () => new Date().toISOString(),
    onFailed: ({ dataset }) => countMetrics({ DaysFailed: 1 }, dataset),
  })
  log('days collected', { execution: event.plan.execution.name, ...output })
  return output
}
