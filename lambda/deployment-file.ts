import { readFileSync } from 'node:fs'
import { DEPLOYMENT_FILE, type Deployment } from '../core/deployment.ts'

/** Reads the table of datasets that the bundler put beside a bundle. */
export function readDeployment(bundleUrl: string): Deployment {
  return JSON.parse(readFileSync(new URL(`./${DEPLOYMENT_FILE}`, bundleUrl), 'utf8')) as Deployment
}
