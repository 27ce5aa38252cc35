import '../../bin/quiet-sdk.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { countArgument } from '../../bin/options.ts'
import { simulate, type Simulation } from '../../test/support/simulation/simulate.ts'
import { simulationText } from './text.ts'

interface Flags {
  readonly days: number
  readonly files: number
  readonly dataset: string
  readonly maxConcurrency: number
  readonly instances: number
  readonly throttled: number
  readonly seed: string
  readonly json: boolean
}

const flags = new Command('simulate')
  .description('Runs a backfill on local Step Functions under a virtual clock: its time, cost and sizes.')
  .requiredOption('--days <n>', 'days of the backfill', countArgument)
  .option('--files <n>', 'raw files of each day', countArgument, 50_000)
  .option('--dataset <name>', 'the dataset', 'jobs')
  .option('--max-concurrency <n>', 'days at once', countArgument, 40)
  .option('--instances <n>', 'quota of instances', countArgument, 20)
  .option('--throttled <share>', 'share of jobs that S3 throttles to death', share, 0.02)
  .option('--seed <text>', 'what chance follows from', '1')
  .option('--json', 'print one JSON document on stdout', false)
  .parse()
  .opts<Flags>()

function share(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= 0 && value <= 1) return value
  throw new InvalidArgumentError('Expected a number from 0 to 1.')
}

const home = mkdtempSync(join(tmpdir(), 'dayfold-simulation-'))
const begun = performance.now()
try {
  const result = await simulate({
    ...flags,
    home,
    createsASecond: 1,
    slowed: 0.2,
    onProgress(jobs, hours) {
      if (jobs % 10 === 0) process.stderr.write(`${jobs} jobs, ${hours.toFixed(1)} h\n`)
    },
  })
  print(result, (performance.now() - begun) / 1000)
  process.exitCode = result.problems.length === 0 ? 0 : 1
} finally {
  rmSync(home, { recursive: true, force: true })
}

function print(result: Simulation, realSeconds: number): void {
  const peakBytes = process.resourceUsage().maxRSS * 1024
  const all = { ...result, realSeconds, peakBytes }
  console.log(flags.json ? JSON.stringify(all) : simulationText(all))
}
