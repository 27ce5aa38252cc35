import './quiet-sdk.ts'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { homePaths } from '@dayfold/local-aws/home'
import { colors } from './view/colors.ts'
import { listObjects } from '../aws/list-objects.ts'
import { query } from '../client/query.ts'
import { dataOf, type Target } from '../client/target.ts'
import { PROCESSED } from '../core/layout.ts'
import { headline } from './view/run-ending.ts'
import { errorText } from './error-text.ts'
import { interruptSignal } from './interrupt.ts'
import { DEFAULT_HOME } from './options.ts'
import { printLine } from './output.ts'
import { rawMounts } from './raw-mounts.ts'
import { runExecution } from './run-execution.ts'
import { openSession, openUnlessInterrupted, type Session } from './session.ts'
import { bytes, duration } from '../core/format.ts'
import { progressView } from './view/progress-view.ts'
import { renderSummary } from './view/summary.ts'
import { renderTable } from './view/tables.ts'

/** Days that samples/generate.ts makes. */
const SAMPLE_DAYS = { from: '2024-05-06', to: '2024-05-08' }
const SAMPLES = fileURLToPath(new URL('../samples/raw', import.meta.url))

/** Example of a use of the features: which listings are clicked, by language. */
const CLICK_THROUGH = `
WITH clicked AS (SELECT DISTINCT impression_id FROM clicks)
SELECT jobs.language, jobs.country,
       count(*) AS impressions,
       count(clicked.impression_id) AS clicks,
       round(100.0 * count(clicked.impression_id) / count(*), 1) AS click_through_percent
FROM impressions
JOIN jobs ON jobs.job_id = impressions.job_id
LEFT JOIN clicked ON clicked.impression_id = impressions.impression_id
WHERE jobs.language IS NOT NULL AND jobs.country IS NOT NULL
GROUP BY jobs.language, jobs.country
ORDER BY impressions DESC, language, country
LIMIT 10`

async function start(): Promise<void> {
  const signal = interruptSignal()
  const view = progressView(process.stderr, Date.now)
  view.note('Three days of sample listings, impressions and clicks go through the pipeline on this machine.')
  const flags = { target: 'local', home: DEFAULT_HOME, context: {}, json: false, debug: false } as const
  const note = (line: string) => view.note(line)
  const options = { mode: 'run', mounts: () => rawMounts(SAMPLES), note, signal } as const
  const session = await openUnlessInterrupted(() => openSession(flags, options), options)
  if (!session) return
  try {
    const result = await runExecution(session, SAMPLE_DAYS, { view, signal })
    if (result.summary) printLine(renderSummary(result.summary))
    if (result.status !== 'SUCCEEDED') {
      printLine(`${result.status}: ${result.cause ?? result.error ?? 'interrupted'}`)
      process.exitCode = 1
      return
    }
    printLine(`${colors.green('Succeeded')}: ${headline(result.summary)} in ${duration(result.seconds)}.\n`)
    await showResult(session)
  } finally {
    await session.close()
  }
}

async function showResult({ target, home }: Session): Promise<void> {
  const { columns, rows } = await query(target, CLICK_THROUGH)
  const titles = columns.map((title, index) => ({
    title,
    align: index < 2 ? ('left' as const) : ('right' as const),
  }))
  printLine(`Click-through by language and country (SQL over the three tables):`)
  printLine(
    renderTable(
      titles,
      rows.map((row) => row.map((value) => value ?? '')),
    ),
  )
  printLine(await madeFiles(target, home!))
}

async function madeFiles(target: Target, home: string): Promise<string> {
  const files: { key: string; size: number }[] = []
  for await (const object of listObjects(dataOf(target), PROCESSED)) files.push(object)
  const folder = homePaths(home).object(target.dataBucket, PROCESSED)
  const lines = files.map(({ key, size }) => `  ${key.slice(PROCESSED.length)}  ${bytes(size)}`)
  return [`\nParquet in ${relative('.', folder)}/:`, ...lines, `\n${NEXT}`].join('\n')
}

const NEXT = `Next:
  npm run -s dayfold -- status
  npm run -s dayfold -- report --out report.html
  npm run -s dayfold -- try jobs samples/raw/jobs/2024/05/06/jobs-20240506-001.jsonl
  npm run -s dayfold -- load --dataset jobs --from 2024-05-06 --to 2024-05-08 --out jobs.csv`

function fail(error: unknown): void {
  process.stderr.write(`error: ${errorText(error, false)}\n`)
  process.exitCode = 1
}

process.on('uncaughtException', (error) => {
  fail(error)
  process.exit()
})
try {
  await start()
} catch (error) {
  fail(error)
}
// Exits explicitly: keep-alive connections would keep the process running.
process.stdout.write('', () => process.exit())
