import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JobRequest } from './jobs.ts'

/**
 * Creates the files that a job's program finds under `/opt/ml`: the configuration of the job and of its only instance,
 * and an empty folder for its output.
 *
 * @param root the folder that stands for `/opt/ml`; it must not exist
 * @param arn ARN of the job https://docs.aws.amazon.com/sagemaker/latest/dg/byoc-config.html
 */
export async function makeMlFolder(root: string, arn: string, request: JobRequest): Promise<void> {
  await mkdir(join(root, 'config'), { recursive: true })
  await mkdir(join(root, 'output'))
  const job = { ProcessingJobArn: arn, ...request }
  const resources = { current_host: 'algo-1', hosts: ['algo-1'] }
  await writeFile(join(root, 'config', 'processingjobconfig.json'), JSON.stringify(job, null, 2))
  await writeFile(join(root, 'config', 'resourceconfig.json'), JSON.stringify(resources, null, 2))
}
