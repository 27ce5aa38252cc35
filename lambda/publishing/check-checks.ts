import { DayfoldError } from '../../core/errors.ts'
import { stops } from '../../core/judge-checks.ts'
import type { Published } from '../../core/manifest.ts'
import { printable } from '../../core/printable.ts'

/** Maximum number of failed checks in a message. */
const MAX_TOLD = 5

/**
 * Throws if one of a generation's check results forbids its publish.
 *
 * @throws DayfoldError ChecksFailed with the first failed checks, what they expected and what they found
 */
export function checkChecks({ dataset, date, checks = [] }: Published): void {
  const failed = checks.filter(stops)
  if (failed.length === 0) return
  const told = failed.slice(0, MAX_TOLD).map(({ check, expected, found }) => {
    return `check ${check}: expected ${expected}, found ${printable(found)}`
  })
  const more = failed.length > MAX_TOLD ? `; and ${failed.length - MAX_TOLD} more` : ''
  throw new DayfoldError(
    'ChecksFailed',
    `${dataset} ${date}: ${told.join('; ')}${more}. The published data stays as it was. Mend the raw files or the ` +
      "dataset, or let the check warn: otherwise: 'warn'; then run the day again.",
    { context: { failed: failed.map(({ check }) => check) } },
  )
}
