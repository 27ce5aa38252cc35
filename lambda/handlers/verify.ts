import { AthenaClient } from '@aws-sdk/client-athena'
import { S3Client } from '@aws-sdk/client-s3'
import { readEnvironment } from '../../core/environment.ts'
import type { VerifyInput, VerifyOutput } from '../../core/messages.ts'
import { CLIENT_DEFAULTS } from '../clients.ts'
import { readDeployment } from '../deployment-file.ts'
import { recordVerified } from '../ledger/verified-fact.ts'
import { log, metricsOf } from '../log.ts'
import { pageWriter } from '../page-writer.ts'
import { isFreshRun } from '../verification/freshness.ts'
import { verify } from '../verification/verify.ts'

const environment = readEnvironment('verify', process.env)
const countMetrics = metricsOf(environment)
const deployment = readDeployment(import.meta.url)
const data = { s3: new S3Client(CLIENT_DEFAULTS), name: environment.DATA_BUCKET }
const athena = new AthenaClient(CLIENT_DEFAULTS)

/**
 * Entry point of the state Verify: compares Athena's row counts with the manifests of all days that are not yet
 * verified.
 */
export async function handler(event: VerifyInput): Promise<VerifyOutput> {
  const { WORKGROUP: workgroup, DATABASE: database } = environment
  const output = await verify(event, {
    data,
    query: { athena, workgroup, database },
    deployment,
    onProblem: ({ code, message }) => log(message, { code }),
    writePage: pageWriter(data, (error) => log('no page', { error })),
  })
  countMetrics({ CountMismatches: output.mismatched, CheckWarnings: output.duplicates?.count ?? 0 })
  if (await isFreshRun(event.execution, output, { data, deployment })) {
    await recordVerified(data, event.execution.name)
    countMetrics({ HoursSinceVerified: 0 })
  }
  log('days verified', { ...output })
  return output
}
