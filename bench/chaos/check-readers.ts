import { runReaders } from '../../test/support/chaos/readers/run-readers.ts'
import type { ReadersReport } from '../../test/support/chaos/readers/count-answers.ts'

const ROUNDS = 30
const QUERIES_PER_ROUND = 36

/** Least numbers of events for the answers to say something. */
const LEAST = {
  queries: 1000,
  replacements: 20,
  extensions: 10,
  wentHome: 20,
  straddled: 300,
} as const satisfies Partial<ReadersReport>

/** Options of `npm run chaos -- readers`. */
export interface ReadersFlags {
  readonly seed: string
  readonly json: boolean
}

/** Returns true if no query saw anything but whole generations. Standard output is for the report alone. */
export async function checkReaders({ seed, json }: ReadersFlags): Promise<boolean> {
  const started = Date.now()
  const note = (text: string) => void process.stderr.write(`${text}\n`)
  note(`readers: seed ${seed}`)
  const report = await runReaders({
    seed,
    rounds: ROUNDS,
    queriesPerRound: QUERIES_PER_ROUND,
    onRound: (rounds) => note(`readers: ${rounds} of ${ROUNDS}`),
  })
  const { queries, replacements, extensions, wentHome, straddled, mixed, doubled, lost, failed } = report
  const counts = { queries, replacements, extensions, wentHome, straddled, mixed, doubled, lost, failed }
  note(`readers: ${queries} queries in ${Math.round((Date.now() - started) / 1000)} s`)
  if (json) console.log(JSON.stringify(counts))
  else for (const [name, count] of Object.entries(counts)) note(`  ${count} ${name}`)
  const few = Object.entries(LEAST).filter(([name, least]) => counts[name as keyof typeof LEAST] < least)
  for (const [name, least] of few) note(`readers: expected at least ${least} ${name}`)
  return few.length + mixed + doubled + lost + failed === 0
}
