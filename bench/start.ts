import { execFile } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
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
  return { process: await runsOf(['-e', '0'], {}), jobs }
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
    const { output, ...cost } = await runsOf(args, {
      DATA_BUCKET: 'data',
      DAYFOLD_ML_ROOT: home,
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_S3: url,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    })
    return { dataset, ...cost, firstRowMilliseconds: median(firstRows(output)) }
  } finally {
    await close()
  }
}

/** Runs node several times, one after the other, and returns what it printed to stderr after the time of each start. */
async function runsOf(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<ProcessCost & { output: string }> {
  const script = `for run in $(seq ${RUNS}); do echo "start $(date +%s%3N)" >&2; "$0" "$@" >&2 || exit 1; done; times`
  const begun = performance.now()
  const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script, process.execPath, ...args], {
    env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1', ...environment },
    maxBuffer: 2 ** 26,
  })
  const wallMilliseconds = (performance.now() - begun) / RUNS
  // The second line is the time of children, user and system: https://www.gnu.org/software/bash/manual/html_node/Bourne-Shell-Builtins.html
  const [, children] = stdout.trim().split('\n')
  const seconds = [...children!.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, rest]) => 60 * Number(minutes) + Number(rest),
  )
  const cpuMilliseconds = (seconds.reduce((sum, each) => sum + each, 0) * 1000) / RUNS
  return { wallMilliseconds, cpuMilliseconds, output: stderr }
}

function firstRows(output: string): number[] {
  const runs = output.split(/^start /m).slice(1)
  return runs.map((run) => {
    const row = /^first row (\d+)$/m.exec(run)
    if (!row) throw new Error(`A job: expected it to print its first row, found ${run.slice(0, 500)}`)
    return Number(row[1]) - Number.parseInt(run)
  })
}
