import { GlueClient } from '@aws-sdk/client-glue'
import { S3Client } from '@aws-sdk/client-s3'
import { deployedDataset } from '../../core/deployment.ts'
import { readEnvironment } from '../../core/environment.ts'
import type { PublishDayInput, PublishDayOutput } from '../../core/messages.ts'
import { CLIENT_DEFAULTS } from '../clients.ts'
import { readDeployment } from '../deployment-file.ts'
import { ledgerOf, type CallContext } from '../ledger/ledger.ts'
import { givenUpTo, log, metricsOf } from '../log.ts'
import { publishDay } from '../publishing/publish-day.ts'
import { publishMetrics } from '../publishing/publish-metrics.ts'

const environment = readEnvironment('publish-day', process.env)
const countMetrics = metricsOf(environment)
const onGivenUp = givenUpTo(countMetrics)
const deployment = readDeployment(import.meta.url)
const data = { s3: new S3Client(CLIENT_DEFAULTS), name: environment.DATA_BUCKET }
const catalog = { glue: new GlueClient(CLIENT_DEFAULTS), database: environment.DATABASE }

/** Entry point of the state PublishDay: publishes the generation that the day's job has staged. */
export async function handler(event: PublishDayInput, call: CallContext): Promise<PublishDayOutput> {
  const dataset = deployedDataset(deployment, event.dataset)
  const output = await publishDay(event, {
    ledger: ledgerOf({ data, catalog, onGivenUp }, deployment, environment, event.execution.arn, call),
    dataset,
    now: () => new Date().toISOString(),
  })
  log('day published', { ...event, ...output })
  if (output.outcome?.status === 'published') countMetrics(publishMetrics(output.outcome), event.dataset)
  return output
}
