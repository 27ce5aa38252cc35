import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { inspect } from 'node:util'
import { defaultProvider } from '@aws-sdk/credential-provider-node'
import { DEPLOYMENT_FILE, type Deployment } from '../core/deployment.ts'
import { readJobEnvironment } from '../core/environment.ts'
import { OwnError } from '../core/errors.ts'
import { CRASHES, NOTES_FD, type Crash } from './crashes/crash-notes.ts'
import { LOG_FD, logTo } from './crashes/log-file.ts'
import { writeExitMessage } from './day/exit-message.ts'
import { failureOf } from './day/failure.ts'
import { runJob } from './day/run-job.ts'
import { s3Client } from './s3/client.ts'
import { parseArguments } from './day/arguments.ts'

/** Exit codes. A stop has the code that a shell gives its signal, so that it can be told from a failure. */
const FAILED = 1
const SIGNAL_CODES = { SIGINT: 130, SIGTERM: 143 } as const
/** Longest time for aborting uploads once the job is stopped. */
const CLEAN_UP_MILLISECONDS = 10_000
const DEFAULT_PROGRESS_SECONDS = 10

const environment = process.env
const stop = new AbortController()
let code: number = FAILED
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // Not `once`: a terminal sends the signal to the whole group, and the supervisor passes it on as well.
  process.on(signal, () => {
    code = SIGNAL_CODES[signal]
    const reason = new OwnError(`The job was stopped by ${signal}; nothing was published.`)
    setTimeout(() => leave(reason), CLEAN_UP_MILLISECONDS).unref()
    stop.abort(reason)
  })
}

// Without its supervisor, nobody waits for the job.
process.once('disconnect', () => process.exit(FAILED))
process.channel?.unref()

// An error that nothing awaits must not end the job without a word.
process.once('uncaughtException', leave)

const crashes = environment[CRASHES]
const log = logTo(crashes === undefined ? 1 : LOG_FD)

try {
  const { AWS_REGION: region, DATA_BUCKET: dataBucket } = readJobEnvironment(environment)
  const endpoint = environment['AWS_ENDPOINT_URL_S3'] ?? environment['AWS_ENDPOINT_URL']
  const [settings, credentials] = [{ region, endpoint }, defaultProvider()]
  const s3 = s3Client({ ...settings, credentials, signal: stop.signal })
  await runJob({
    args: parseArguments(process.argv.slice(2)),
    dataBucket,
    s3,
    deployment: JSON.parse(
      readFileSync(new URL(`./${DEPLOYMENT_FILE}`, import.meta.url), 'utf8'),
    ) as Deployment,
    workerUrl: new URL('./worker.mjs', import.meta.url),
    readers: {
      url: new URL('./reader.mjs', import.meta.url),
      settings,
      credentials,
      threads: numberIn(environment['DAYFOLD_READERS']),
    },
    workers: Number(environment['DAYFOLD_WORKERS'] ?? availableParallelism()),
    uploadBytes: Number(environment['DAYFOLD_UPLOAD_BYTES']) || undefined,
    progressSeconds: Number(environment['DAYFOLD_PROGRESS_SECONDS'] ?? DEFAULT_PROGRESS_SECONDS),
    now: () => new Date(),
    log,
    signal: stop.signal,
    ...(crashes !== undefined && { notes: { fd: NOTES_FD, crashes: JSON.parse(crashes) as Crash[] } }),
  })
  await s3.close()
} catch (error) {
  const cause: unknown = stop.signal.aborted ? stop.signal.reason : error
  leave(cause)
}

function numberIn(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text)
}

/** Logs the error, leaves the exit message and ends the process. */
function leave(cause: unknown): never {
  const { message, error } = failureOf(cause)
  log({ message: 'failed', error })
  writeExitMessage(environment['DAYFOLD_ML_ROOT'] ?? '/opt/ml', message)
  // In full, for developers who run the job on their own machine: the supervisor passes it on to nobody else.
  if (!(cause instanceof OwnError) || cause.cause !== undefined) process.stderr.write(`${inspect(cause)}\n`)
  process.exit(code)
}
