import { readFileSync } from 'node:fs'
import { DEPLOYMENT_FILE, type Deployment } from '../core/deployment.ts'

/** The table of datasets that lies beside a bundle. */
export function readDeployment(bundleUrl: string): Deployment {
  return JSON.parse(readFileSync(new URL(`./${DEPLOYMENT_FILE}`, bundleUrl), 'utf8')) as Deployment
}
