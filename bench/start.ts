import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { JOB_ARGUMENTS } from '../core/environment.ts'
import { generateDay } from '../test/support/generated/generate.ts'
import { buildPrograms } from './build.ts'
import { CREDENTIALS, listRaw, ORDER, putOrder, startLocalS3, workOrder } from './local-s3.ts'
import { median } from './measure.ts'
import { OUT } from './options.ts'

/** Cost of a small process, as a mean of all runs. */
export interface ProcessCost {
  readonly wallMilliseconds: number
  /** CPU time of the process and its children. */
  readonly cpuMilliseconds: number
}

/** Cost of the job of a small day. */
export interface SmallJob extends ProcessCost {
  readonly dataset: string
  /** Milliseconds from the start of the process until a worker has made its first row; median. */
  readonly firstRowMilliseconds: number
}

/** Cost of small jobs beside that of a process that does nothing. */
export interface StartBench {
  readonly process: ProcessCost
  readonly jobs: readonly SmallJob[]
}

const RUNS = 10
const DATASETS = ['jobs', 'impressions'] as const
/** Two files of a hundred records each. */
const SMALL = { records: 200, files: 2 } as const
const REGISTRY = fileURLToPath(new URL('./start-datasets.ts', import.meta.url))

/** Measures what a job of two small files costs and how soon it makes its first row, from the local S3. */
export async function benchStart(say: (line: string) => void): Promise<StartBench> {
  const folder = await buildPrograms(REGISTRY)
  const jobs: SmallJob[] = []
  for (const dataset of DATASETS) {
    say(`${RUNS} jobs of ${dataset}`)
    jobs.push(await smallJob(folder, dataset))
  }
  const { wallMilliseconds, cpuMilliseconds } = await runsOf(['-e', '0'], {})
  return { process: { wallMilliseconds, cpuMilliseconds }, jobs }
}

async function smallJob(folder: string, dataset: (typeof DATASETS)[number]): Promise<SmallJob> {
  const home = join(OUT, 'start')
  rmSync(home, { recursive: true, force: true })
  mkdirSync(home, { recursive: true })
  const raw = generateDay(join(OUT, 'input'), dataset, SMALL.records, SMALL.files)
  const { url, close } = await startLocalS3(folder, home, raw)
  try {
    const order = workOrder(folder, dataset, await listRaw(url))
    await putOrder(url, order)
    const args = [
      join(folder, 'main.mjs'),
      ...[JOB_ARGUMENTS.workOrder, ORDER, JOB_ARGUMENTS.featureVersion, order.featureVersion],
    ]
    const printed = join(home, 'printed')
    const { starts, ...cost } = await runsOf(args, {
      DATA_BUCKET: 'data',
      DAYFOLD_PRINTED_TO: printed,
      DAYFOLD_ML_ROOT: home,
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_S3: url,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    })
    return { dataset, ...cost, firstRowMilliseconds: median(firstRows(printed, starts)) }
  } finally {
    await close()
  }
}

/** Runs node several times, one after the other; `starts` are the times at which it was started. */
async function runsOf(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<ProcessCost & { starts: readonly number[] }> {
  const script = `for run in $(seq ${RUNS}); do date +%s%3N; "$0" "$@" >/dev/null || exit 1; done; times`
  const begun = performance.now()
  const { stdout } = await promisify(execFile)('bash', ['-c', script, process.execPath, ...args], {
    env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1', ...environment },
  })
  const wallMilliseconds = (performance.now() - begun) / RUNS
  const lines = stdout.trim().split('\n')
  // The last line is the time of children, user and system: https://www.gnu.org/software/bash/manual/html_node/Bourne-Shell-Builtins.html
  const seconds = [...lines.at(-1)!.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, rest]) => 60 * Number(minutes) + Number(rest),
  )
  const cpuMilliseconds = (seconds.reduce((sum, each) => sum + each, 0) * 1000) / RUNS
  return { wallMilliseconds, cpuMilliseconds, starts: lines.slice(0, RUNS).map(Number) }
}

function firstRows(printed: string, starts: readonly number[]): number[] {
  const rows = [...readFileSync(printed, 'utf8').matchAll(/^first row (\d+)$/gm)].map(([, at]) => Number(at))
  if (rows.length === starts.length) return rows.map((at, run) => at - starts[run]!)
  throw new Error(`${printed}: expected a first row of each of ${starts.length} jobs, found ${rows.length}.`)
}
