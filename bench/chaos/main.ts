import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { Command, InvalidArgumentError, Option } from 'commander'
import { CONCURRENT } from './concurrent-scenario.ts'
import { FAULTS } from './fault-scenario.ts'
import { EXTEND, REBUILD } from '../../test/support/chaos/scenario/kill-scenarios.ts'
import type { Listener, ScenarioReport } from '../../test/support/chaos/scenario/report.ts'
import { runScenario } from '../../test/support/chaos/scenario/run-scenario.ts'

const SCENARIOS = [EXTEND, REBUILD, CONCURRENT, FAULTS]
const NAMES = SCENARIOS.map(({ name }) => name)

interface Flags {
  readonly scenario: readonly string[]
  readonly seed: string
  readonly count?: number
  readonly match?: RegExp
  readonly lanes: number
  readonly json: boolean
}

const note = (text: string) => void process.stderr.write(`${text}\n`)

/** Faults by chance: how many, by kind, and how many runs had any. */
const chance = { runs: 0, kinds: new Map<string, number>() }

const listener: Listener = {
  checked(scenario, done, of) {
    if (done % 10 === 0 || done === of) note(`${scenario}: ${done} of ${of}`)
  },
  happened(_, faults) {
    if (faults.length > 0) chance.runs += 1
    for (const fault of faults) {
      const kind = fault.replace(/ (in|after) .*$/s, '')
      chance.kinds.set(kind, (chance.kinds.get(kind) ?? 0) + 1)
    }
  },
  failed(scenario, { disturbance, faults, differences, home }) {
    const details = [...differences, ...faults, `see ${home}`]
    note([`${scenario}: NOT MENDED: ${disturbance}`, ...details.map((text) => `  ${text}`)].join('\n'))
  },
}

function noteChance(): void {
  for (const [kind, count] of [...chance.kinds].sort()) note(`  ${count} x ${kind}`)
  if (chance.runs > 0) note(`  in ${chance.runs} runs`)
  chance.runs = 0
  chance.kinds.clear()
}

function whole(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Expected a whole number from 1.')
}

const flags = new Command('chaos')
  .description('Kills and disturbs runs wherever it can, and checks that the next run mends what they left.')
  .addOption(new Option('--scenario <names...>', 'what to do').choices(NAMES).default(NAMES, 'all'))
  .option(
    '--seed <text>',
    'what random choices follow from (default: a new one)',
    randomBytes(4).toString('hex'),
  )
  .option('--count <n>', 'at most so many disturbed runs of each scenario, spread over all', whole)
  .option('--match <regexp>', 'only disturbed runs that are described so', (text) => new RegExp(text))
  .option('--lanes <n>', 'disturbed runs at once', whole, availableParallelism())
  .option('--json', 'print one JSON document on stdout', false)
  .parse()
  .opts<Flags>()

const reports: ScenarioReport[] = []
for (const scenario of SCENARIOS.filter(({ name }) => flags.scenario.includes(name))) {
  const started = Date.now()
  const report = await runScenario(scenario, { ...flags, listener })
  const seconds = Math.round((Date.now() - started) / 1000)
  const seed = report.seed === undefined ? '' : `, seed ${report.seed}`
  note(`${report.name}: ${report.mended} of ${report.of} mended in ${seconds} s${seed}`)
  noteChance()
  reports.push(report)
}
if (flags.json) console.log(JSON.stringify({ scenarios: reports }))
process.exitCode = reports.every(({ mended, of }) => mended === of) ? 0 : 1
