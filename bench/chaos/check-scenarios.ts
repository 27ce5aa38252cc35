import { CONCURRENT } from './concurrent-scenario.ts'
import { FAULTS } from './fault-scenario.ts'
import { EXTEND, REBUILD } from '../../test/support/chaos/scenario/kill-scenarios.ts'
import type { Listener, ScenarioReport } from '../../test/support/chaos/scenario/report.ts'
import { runScenario } from '../../test/support/chaos/scenario/run-scenario.ts'

const SCENARIOS = [EXTEND, REBUILD, CONCURRENT, FAULTS]
/** Names of the scenarios, for the command line. */
export const SCENARIO_NAMES: readonly string[] = SCENARIOS.map(({ name }) => name)

/** Options of `npm run chaos`. */
export interface ScenarioFlags {
  readonly seed: string
  readonly count?: number
  readonly match?: RegExp
  readonly lanes: number
  readonly json: boolean
}

const note = (text: string) => void process.stderr.write(`${text}\n`)

/** Random faults so far: their number by kind, and the number of runs that had any. */
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

/** Returns true if the next run mended every disturbed one. Standard output is for the report alone. */
export async function checkScenarios(names: readonly string[], flags: ScenarioFlags): Promise<boolean> {
  const reports: ScenarioReport[] = []
  for (const scenario of SCENARIOS.filter(({ name }) => names.includes(name))) {
    const started = Date.now()
    const report = await runScenario(scenario, { ...flags, listener })
    const seconds = Math.round((Date.now() - started) / 1000)
    const seed = report.seed === undefined ? '' : `, seed ${report.seed}`
    note(`${report.name}: ${report.mended} of ${report.of} mended in ${seconds} s${seed}`)
    noteChance()
    reports.push(report)
  }
  if (flags.json) console.log(JSON.stringify({ scenarios: reports }))
  return reports.every(({ mended, of }) => mended === of)
}
