import { GlueClient } from '@aws-sdk/client-glue'
import { S3Client } from '@aws-sdk/client-s3'
import { readEnvironment } from '../../core/environment.ts'
import type { CrawlInput, CrawlOutput } from '../../core/messages.ts'
import { CLIENT_DEFAULTS } from '../clients.ts'
import { readDeployment } from '../deployment-file.ts'
import { ledgerOf, type CallContext } from '../ledger/ledger.ts'
import { crawl } from '../catalog/crawl.ts'
import { givenUpTo, log, metricsOf } from '../log.ts'

const environment = readEnvironment('crawl', process.env)
const countMetrics = metricsOf(environment)
const onGivenUp = givenUpTo(countMetrics)
const deployment = readDeployment(import.meta.url)
const data = { s3: new S3Client(CLIENT_DEFAULTS), name: environment.DATA_BUCKET }
const catalog = { glue: new GlueClient(CLIENT_DEFAULTS), database: environment.DATABASE }

/**
 * Entry point of the state Crawl: points partitions to the published folders, and runs the crawlers of tables that got
 * a new day.
 */
export async function handler(event: CrawlInput, call: CallContext): Promise<CrawlOutput> {
  const started: string[] = []
  const output = await crawl(event, {
    ledger: ledgerOf({ data, catalog, onGivenUp }, deployment, environment, event.execution.arn, call),
    deployment,
    onRepaired: (dataset, { setRight, failed }) => {
      if (setRight.length + failed.length > 0) log('partitions looked at', { dataset, setRight, failed })
    },
    onStarted: (dataset) => void started.push(dataset),
  })
  log('catalog looked at', { ...output })
  if (output.action === 'done' && (output.warnings.length > 0 || event.previous || started.length > 0))
    countMetrics({ CrawlersFailed: output.warnings.length })
  return output
}
