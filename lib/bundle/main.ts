import { readFileSync, writeFileSync } from 'node:fs'
import { DayfoldError } from '../../core/errors.ts'
import { bundleAll, type BundleAllOptions } from './bundle-all.ts'

/** What the process tells whoever started it: see `bundleNow`. */
const [request, answer] = process.argv.slice(2) as [string, string]
try {
  const options = JSON.parse(readFileSync(request, 'utf8')) as BundleAllOptions
  writeFileSync(answer, JSON.stringify({ bundles: await bundleAll(options) }))
} catch (error) {
  if (!(error instanceof DayfoldError)) throw error
  writeFileSync(answer, JSON.stringify({ error: { code: error.code, message: error.message } }))
}
