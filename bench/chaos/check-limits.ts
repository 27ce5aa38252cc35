import { runLimits } from '../../test/support/chaos/limits/run-limits.ts'
import type { Spread } from '../../test/support/chaos/limits/spread.ts'

/** Options of `npm run chaos -- limits`. */
export interface LimitsFlags {
  readonly days: number
  readonly files: number
  readonly concurrency: number
  readonly json: boolean
}

/** Returns true if every day was published once. Standard output is for the report alone. */
export async function checkLimits({ days, files, concurrency, json }: LimitsFlags): Promise<boolean> {
  const started = Date.now()
  const note = (text: string) => void process.stderr.write(`${text}\n`)
  const report = await runLimits({ days, files, concurrency })
  const { status, published, counts, rawReads, retries, instanceWaits } = report
  note(
    `limits: ${published} of ${days} days published, ${status}, in ${Math.round((Date.now() - started) / 1000)} s`,
  )
  for (const [limit, { passed, refused }] of Object.entries(counts))
    note(`  ${limit}: ${passed} passed, ${refused} refused and tried again`)
  note(
    `  raw files: ${perSecond(rawReads.asked)} asked, ${perSecond(rawReads.served)} served, where any was refused`,
  )
  note('  waits in seconds of the definition:')
  for (const [error, spread] of Object.entries(retries))
    note(`    retries of ${error}: ${spreadText(spread)}`)
  note(`    of days for an instance: ${spreadText(instanceWaits)}`)
  if (json) console.log(JSON.stringify(report))
  return status === 'SUCCEEDED' && published === days
}

const perSecond = (rate: number) => `${rate.toFixed(1)} a second`

const spreadText = ({ count, min, median, p90, max }: Spread) =>
  `${count}, ${min} at least, ${median} median, ${p90} the 90th percentile, ${max} at most`
