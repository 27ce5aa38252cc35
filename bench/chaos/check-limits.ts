import { runLimits } from '../../test/support/chaos/limits/run-limits.ts'

export interface LimitsFlags {
  readonly days: number
  readonly files: number
  readonly concurrency: number
  readonly json: boolean
}

/** Whether every day was published once. Standard output is for the report alone. */
export async function checkLimits({ days, files, concurrency, json }: LimitsFlags): Promise<boolean> {
  const started = Date.now()
  const note = (text: string) => void process.stderr.write(`${text}\n`)
  const report = await runLimits({ days, files, concurrency })
  const { status, published, counts, waits } = report
  note(
    `limits: ${published} of ${days} days published, ${status}, in ${Math.round((Date.now() - started) / 1000)} s`,
  )
  for (const [limit, { passed, refused }] of Object.entries(counts))
    note(`  ${limit}: ${passed} passed, ${refused} refused and tried again`)
  note(`  waits for an instance: ${waits.min} ms at least, ${waits.median} median, ${waits.max} at most`)
  if (json) console.log(JSON.stringify(report))
  return status === 'SUCCEEDED' && published === days
}
