import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JobRequest } from './jobs.ts'

/**
 * Creates the files that a container finds under `/opt/ml`.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/byoc-config.html
 */
export async function makeMlFolder(root: string, arn: string, request: JobRequest): Promise<void> {
  await mkdir(join(root, 'config'), { recursive: true })
  await mkdir(join(root, 'output'))
  const job = { ProcessingJobArn: arn, ...request }
  const resources = { current_host: 'algo-1', hosts: ['algo-1'] }
  await writeFile(join(root, 'config', 'processingjobconfig.json'), JSON.stringify(job, null, 2))
  await writeFile(join(root, 'config', 'resourceconfig.json'), JSON.stringify(resources, null, 2))
}
