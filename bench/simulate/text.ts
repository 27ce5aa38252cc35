import type { Simulation } from '../../test/support/simulation/simulate.ts'
import { mebibytes, whole } from '../report.ts'

/** Limits of Step Functions. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const MAX_EVENTS = 25_000
const MAX_PAYLOAD_BYTES = 262_144

/** Lays out a simulation for people. */
export function simulationText(result: Simulation & { realSeconds: number; peakBytes: number }): string {
  const { histories, usage, dollars } = result
  const rows: [string, string][] = [
    ['backfill', `${whole(result.days)} days of ${result.dataset}, ${whole(result.files)} files each`],
    ['ended', result.status],
    ['takes', `${result.hours.toFixed(1)} h`],
    ['jobs', `${whole(result.jobs)}, of which ${whole(result.failedJobs)} failed`],
    ['invocations', `${whole(usage.lambdaInvocations)}, ${whole(usage.lambdaGbSeconds)} GB-seconds`],
    ['transitions', whole(usage.transitions)],
    ['S3 requests', `${whole(usage.s3Writes)} to write and list, ${whole(usage.s3Reads)} to read`],
    ...Object.entries(histories.retries).map(([error, count]): [string, string] => [
      `retries: ${error}`,
      whole(count),
    ]),
    ['longest history', `${whole(histories.longest)} events of at most ${whole(MAX_EVENTS)}`],
    ['largest payload', `${whole(histories.largestPayload)} bytes of at most ${whole(MAX_PAYLOAD_BYTES)}`],
    ...Object.entries(dollars).map(([service, amount]): [string, string] => [
      `cost: ${service}`,
      `$${amount.toFixed(2)}`,
    ]),
    [
      'cost',
      `$${Object.values(dollars)
        .reduce((sum, amount) => sum + amount, 0)
        .toFixed(2)}`,
    ],
    [
      'here',
      `${whole(result.realSeconds)} s, ${mebibytes(result.peakBytes)} MiB, functions ${whole(result.functionCpuSeconds)} s of CPU`,
    ],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  const table = rows.map(([name, text]) => `${name.padEnd(width)}  ${text}`)
  const verdict = result.problems.length === 0 ? ['Every day was published once.'] : result.problems
  return [...table, '', ...verdict].join('\n')
}
