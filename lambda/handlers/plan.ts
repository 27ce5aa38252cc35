import { GlueClient } from '@aws-sdk/client-glue'
import { S3Client } from '@aws-sdk/client-s3'
import { readEnvironment } from '../../core/environment.ts'
import type { PlanInput, PlanOutput } from '../../core/messages.ts'
import { CLIENT_DEFAULTS } from '../clients.ts'
import { readDeployment } from '../deployment-file.ts'
import { ledgerOf, type CallContext } from '../ledger/ledger.ts'
import { hoursSinceVerified } from '../ledger/verified-fact.ts'
import { givenUpTo, logSwept, metricsOf } from '../log.ts'
import { plan } from '../planning/plan.ts'

const environment = readEnvironment('plan', process.env)
const countMetrics = metricsOf(environment)
const onGivenUp = givenUpTo(countMetrics)
const deployment = readDeployment(import.meta.url)
const data = { s3: new S3Client(CLIENT_DEFAULTS), name: environment.DATA_BUCKET }
const catalog = { glue: new GlueClient(CLIENT_DEFAULTS), database: environment.DATABASE }

/** Entry point of the state Plan: lists the dataset-days that the Map of an execution works on. */
export async function handler(event: PlanInput, call: CallContext): Promise<PlanOutput> {
  countMetrics({ HoursSinceVerified: await hoursSinceVerified(data, event.execution.name) })
  return await plan(event, {
    ledger: ledgerOf({ data, catalog, onGivenUp }, deployment, environment, event.execution.arn, call),
    deployment,
    maxConcurrency: Number(environment.MAX_CONCURRENCY),
    reservedForSchedule: Number(environment.RESERVED_FOR_SCHEDULE),
    onSwept: logSwept,
  })
}
