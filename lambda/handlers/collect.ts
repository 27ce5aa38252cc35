import { S3Client } from '@aws-sdk/client-s3'
import { LIST_PRICES } from '../../core/cost/prices.ts'
import { costInSummary } from '../../core/cost/spent.ts'
import { readEnvironment } from '../../core/environment.ts'
import type { CollectInput, CollectOutput } from '../../core/messages.ts'
import { CLIENT_DEFAULTS } from '../clients.ts'
import { readDeployment } from '../deployment-file.ts'
import { log, metricsOf } from '../log.ts'
import { pageWriter } from '../page-writer.ts'
import { collect } from '../results/collect.ts'
import { tellDataState } from '../results/data-state.ts'

const environment = readEnvironment('collect', process.env)
const countMetrics = metricsOf(environment)
const deployment = readDeployment(import.meta.url)
const data = { s3: new S3Client(CLIENT_DEFAULTS), name: environment.DATA_BUCKET }

/** Entry point of the state Collect: gathers the outcomes of all dataset-days into the execution's summary. */
export async function handler(event: CollectInput): Promise<CollectOutput> {
  const now = () => new Date().toISOString()
  const output = await collect(event, {
    data,
    now,
    onFailed: ({ dataset }) => countMetrics({ DaysFailed: 1 }, dataset),
    costOf: (days) =>
      costInSummary({ days }, deployment.datasets, {
        instanceType: environment.INSTANCE_TYPE,
        prices: LIST_PRICES,
      }),
    writePage: pageWriter(data, (error) => log('no page', { error })),
    onCollected: (days) =>
      tellDataState(days, {
        data,
        deployment,
        now: now(),
        onState: countMetrics,
        onProblem: ({ code, message }) => log(message, { code }),
      }),
  })
  log('days collected', { execution: event.plan.execution.name, ...output })
  return output
}
