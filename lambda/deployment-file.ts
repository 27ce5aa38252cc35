import { readFileSync } from 'node:fs'
import { DEPLOYMENT_FILE, type Deployment } from '../core/deployment.ts'

/**
 * Reads the deployed datasets and their settings from the file that the bundler put beside a function's bundle.
 * @param bundleUrl `import.meta.url` of the bundle
 */
export function readDeployment(bundleUrl: string): Deployment {
  return JSON.parse(readFileSync(new URL(`./${DEPLOYMENT_FILE}`, bundleUrl), 'utf8')) as Deployment
}
