import { DayfoldError } from '../core/errors.ts'
import { synthesize } from '../lib/app.ts'
import { deployedRegion } from '../lib/regions.ts'

try {
  for (const line of await synthesize(deployedRegion(process.env))) console.error(line)
} catch (error) {
  // Errors that we raise ourselves are printed without a stack trace.
  if (!(error instanceof DayfoldError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
