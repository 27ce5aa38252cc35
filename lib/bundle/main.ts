import { readFileSync, writeFileSync } from 'node:fs'
import { DayfoldError } from '../../core/errors.ts'
import { bundleAll, type BundleAllOptions } from './bundle-all.ts'

/** Program that `bundleNow` starts: reads options from one file and writes bundles or an error to the other. */
const [request, answer] = process.argv.slice(2) as [string, string]
try {
  const options = JSON.parse(readFileSync(request, 'utf8')) as BundleAllOptions
  writeFileSync(answer, JSON.stringify({ bundles: await bundleAll(options) }))
} catch (error) {
  if (!(error instanceof DayfoldError)) throw error
  writeFileSync(answer, JSON.stringify({ error: { code: error.code, message: error.message } }))
}
