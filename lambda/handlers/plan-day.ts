import { GlueClient } from '@aws-sdk/client-glue'
import { S3Client } from '@aws-sdk/client-s3'
import { SFNClient } from '@aws-sdk/client-sfn'
import { deployedDataset } from '../../core/deployment.ts'
import { readEnvironment } from '../../core/environment.ts'
import type { InstanceWait, PlanDayInput, PlanDayOutput } from '../../core/messages.ts'
import { CLIENT_DEFAULTS } from '../clients.ts'
import { readDeployment } from '../deployment-file.ts'
import { ledgerOf, type CallContext } from '../ledger/ledger.ts'
import { executionStatus } from '../../aws/executions.ts'
import { givenUpTo, log, metricsOf } from '../log.ts'
import { planDay } from '../planning/plan-day.ts'
import { tellInstanceWait } from '../planning/tell-wait.ts'

const environment = readEnvironment('plan-day', process.env)
const countMetrics = metricsOf(environment)
const onGivenUp = givenUpTo(countMetrics)
const deployment = readDeployment(import.meta.url)
const s3 = new S3Client(CLIENT_DEFAULTS)
const data = { s3, name: environment.DATA_BUCKET }
const catalog = { glue: new GlueClient(CLIENT_DEFAULTS), database: environment.DATABASE }
const isRunning = executionStatus(new SFNClient(CLIENT_DEFAULTS))

/**
 * Entry point of the state PlanDay: decides what a dataset-day needs. If the event says that the day's job waits for an
 * instance, it only reports the wait.
 */
export async function handler(event: PlanDayInput, call: CallContext): Promise<PlanDayOutput | Told> {
  if (event.waitsForInstance) return await tell(event, event.waitsForInstance)
  const output = await planDay(event, {
    ledger: ledgerOf({ data, catalog, onGivenUp }, deployment, environment, event.execution.arn, call),
    raw: { s3, name: environment.RAW_BUCKET },
    dataset: deployedDataset(deployment, event.dataset),
    isRunning,
    limits: {
      partRows: Number(environment.PART_ROWS),
      partBytes: Number(environment.PART_BYTES),
      rowGroupRows: Number(environment.ROW_GROUP_ROWS),
    },
    jobPrefix: environment.DEPLOYMENT,
    jobSettings: environment.JOB_SETTINGS,
    now: () => new Date().toISOString(),
  })
  log('day planned', { dataset: event.dataset, date: event.date, ...output })
  return output
}

interface Told {
  readonly instanceWaitSeconds: number
}

async function tell(event: PlanDayInput, wait: InstanceWait): Promise<Told> {
  const instanceWaitSeconds = await tellInstanceWait(data, event, wait, new Date().toISOString())
  log('waits for an instance', { dataset: event.dataset, date: event.date, instanceWaitSeconds })
  countMetrics({ InstanceWaitSeconds: instanceWaitSeconds })
  return { instanceWaitSeconds }
}
