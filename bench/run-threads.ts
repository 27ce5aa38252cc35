/**
 * Runs the job once in this process and prints the CPU time of each thread: `node run-threads.mjs SETTINGS`, where
 * SETTINGS is the JSON of ThreadsSettings. Prints the JSON of ThreadsRun. Needs Linux, which counts time by thread.
 */
import { readFileSync } from 'node:fs'
import { readDeployment } from '../lambda/deployment-file.ts'
import { runJob } from '../processing/day/run-job.ts'
import { s3Client } from '../processing/s3/client.ts'
import type { Announced } from './run-thread.ts'

/** S3, work order and workers of a run. */
export interface ThreadsSettings {
  readonly endpoint: string
  readonly accessKeyId: string
  readonly workOrder: string
  readonly featureVersion: string
  readonly workers: number
}

/** CPU seconds of a run. */
export interface ThreadsRun {
  readonly main: number
  /** Seconds of each thread, by program. */
  readonly threads: Readonly<Record<string, readonly number[]>>
  /** Seconds of all threads, those of the runtime included. */
  readonly process: number
  /** Most resident memory of the process, in bytes. */
  readonly peakBytes: number
}

const SAMPLE_MILLISECONDS = 50
const TICKS_A_SECOND = 100

const settings = JSON.parse(process.argv[2]!) as ThreadsSettings
const announced: Announced[] = []
const taken = new Map<number, number>()
const channel = new BroadcastChannel('threads')
channel.onmessage = ({ data }: { data: unknown }) => void announced.push(data as Announced)
// Threads end before the job does: the last sample of each counts.
const sampling = setInterval(() => {
  for (const { thread } of announced) taken.set(thread, secondsOf(thread) ?? taken.get(thread) ?? 0)
}, SAMPLE_MILLISECONDS)

const { accessKeyId, endpoint, workOrder, featureVersion, workers } = settings
const client = { region: 'us-east-1', endpoint }
const credentials = () => Promise.resolve({ accessKeyId, secretAccessKey: 'secret' })
const s3 = s3Client({ ...client, credentials })
await runJob({
  args: { workOrder, featureVersion },
  dataBucket: 'data',
  s3,
  deployment: readDeployment(import.meta.url),
  workerUrl: new URL('./thread-worker.mjs', import.meta.url),
  readers: {
    url: new URL('./thread-reader.mjs', import.meta.url),
    settings: client,
    credentials,
  },
  workers,
  progressSeconds: 10,
  now: () => new Date(),
  log: () => {},
})
await s3.close()
clearInterval(sampling)
channel.close()
const threads: Record<string, number[]> = {}
for (const { thread, program } of announced) (threads[program] ??= []).push(taken.get(thread) ?? 0)
const usage = process.resourceUsage()
const run: ThreadsRun = {
  main: secondsOf(process.pid)!,
  threads,
  process: (usage.userCPUTime + usage.systemCPUTime) / 1e6,
  peakBytes: usage.maxRSS * 1024,
}
process.stdout.write(JSON.stringify(run))

/**
 * Returns the CPU seconds of a thread; undefined when it has ended.
 * https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
function secondsOf(thread: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND
  } catch {
    return undefined
  }
}
