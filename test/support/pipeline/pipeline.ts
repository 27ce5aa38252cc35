import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { query } from '../../../client/query.ts'
import type { Summary } from '../../../core/messages.ts'
import type { RunSettings } from '../../../core/run-settings.ts'
import { deployLocally, type LocalDayfold } from '../../../local/deploy.ts'
import { createFaults, type RuledFaults } from '@dayfold/local-aws/faults'
import type { Limits } from '@dayfold/local-aws/limits'
import { unlessAborted } from '@dayfold/local-aws/states'
import { PROCESSING_JOB, type TaskResource } from '@dayfold/local-aws/states'
import { executionsOf, type Executions } from './executions.ts'
import { rawReadings, type RawReadings } from './raw-readings.ts'

const PROJECT = join(import.meta.dirname, '../../..')
const FIXTURES = join(PROJECT, 'test/fixtures/pipeline')
/** Time zone of the dataset `readings`: its day begins half a day before UTC's. */
export const TIME_ZONE = 'Pacific/Auckland'
export const LOOKBACK_DAYS = 2
/** Shortens waits: a minute of the definition takes 30 ms. */
const WAIT_SCALE = 0.0005

/** A Task that is about to call its resource. */
export interface TaskAttempt {
  /** Payload of a function, or request for a job. */
  readonly input: Readonly<Record<string, unknown>>
  /** Calls the resource and gives its answer. */
  readonly proceed: () => Promise<unknown>
}
/** Takes the place of a Task's resource: answers, or throws. */
export type Interceptor = (attempt: TaskAttempt) => Promise<unknown>

/** The whole pipeline on this machine with the dataset `readings`. */
export interface Pipeline extends Executions {
  readonly aws: LocalDayfold
  readonly home: string
  readonly raw: RawReadings
  readonly faults: RuledFaults
  /** Names of all jobs that were requested from SageMaker, in order. */
  readonly jobNames: readonly string[]
  /** Sets the interceptor of the Tasks of a state, in place of an earlier one. */
  before(state: string, interceptor: Interceptor): void
  /** Removes all interceptors. */
  undisturbed(): void
  /** Queries Athena; returns rows as text. */
  sql(text: string): Promise<(string | null)[][]>
  close(): Promise<void>
}

export interface PipelineOptions {
  /** Folder of state and raw files, which outlives the pipeline. @default a new one, removed with the pipeline */
  readonly folder?: string
  /** File in test/fixtures/pipeline. @default index.ts */
  readonly registry?: string
  /** Called with the output of functions and jobs. @default not called */
  readonly log?: (line: string) => void
  /** Factor of the waits in the definition. @default 0.0005 */
  readonly waitScale?: number
  /** Limits of the account. @default none */
  readonly limits?: Limits
  /** Most dataset-days at once, if an execution asks for as many. @default the configuration's */
  readonly maxConcurrency?: number
  /** Settings of the dataset `readings`. @default none */
  readonly runSettings?: RunSettings
  /** Configuration of further datasets of the registry, by name. @default none */
  readonly otherDatasets?: Readonly<Record<string, object>>
}

/** Starts the pipeline. Its functions and its job are the bundled ones. */
export async function startPipeline({
  folder,
  registry = 'index.ts',
  log,
  waitScale = WAIT_SCALE,
  limits,
  maxConcurrency,
  runSettings,
  otherDatasets,
}: PipelineOptions = {}): Promise<Pipeline> {
  const place = folder ?? mkdtempSync(join(tmpdir(), 'dayfold-pipeline-'))
  const home = join(place, 'home')
  const raw = rawReadings(place)
  const interceptors = new Map<string, Interceptor>()
  const jobNames: string[] = []
  const faults = createFaults()
  const wrapResource = (arn: string, resource: TaskResource): TaskResource => {
    return (call) => {
      const { state, input } = attemptOf(arn, call.arguments)
      if (arn === PROCESSING_JOB) jobNames.push(String(input['ProcessingJobName']))
      const proceed = () => resource(call)
      const interceptor = interceptors.get(state)
      // An interceptor that waits for its test, which has failed, must not keep the pipeline from ending.
      return interceptor ? unlessAborted(interceptor({ input, proceed }), call.signal) : proceed()
    }
  }
  const aws = await deployLocally({
    projectRoot: PROJECT,
    home,
    mode: 'run',
    registry: join(FIXTURES, registry),
    mounts: () => [{ prefix: 'readings', dir: raw.dir }],
    context: {
      datasets: JSON.stringify({
        readings: { timeZone: TIME_ZONE, lookbackDays: LOOKBACK_DAYS, ...runSettings },
        ...otherDatasets,
      }),
      ...(maxConcurrency !== undefined && {
        maxConcurrency: String(maxConcurrency),
        reservedForSchedule: '0',
      }),
    },
    waitScale,
    wrapResource,
    faults,
    ...(log && { log }),
    limits,
  })
  return {
    ...executionsOf(aws.target),
    aws,
    home,
    raw,
    faults,
    jobNames,
    before: (state, interceptor) => void interceptors.set(state, interceptor),
    undisturbed: () => interceptors.clear(),
    sql: async (text) => (await query(aws.target, text)).rows as (string | null)[][],
    async close() {
      await aws.close()
      if (aws.refusals.length > 0) throw new Error(`Permissions are missing: ${aws.refusals.join('\n')}`)
      if (folder === undefined) rmSync(place, { recursive: true, force: true })
    },
  }
}

/** States by the handlers that they invoke. */
const STATES: Readonly<Record<string, string>> = {
  plan: 'Plan',
  'plan-day': 'PlanDay',
  'publish-day': 'PublishDay',
  collect: 'Collect',
  crawl: 'Crawl',
  verify: 'Verify',
}

function attemptOf(arn: string, input: unknown): { state: string; input: TaskAttempt['input'] } {
  if (arn === PROCESSING_JOB) return { state: 'ProcessDay', input: input as TaskAttempt['input'] }
  const { FunctionName, Payload } = input as { FunctionName: string; Payload: TaskAttempt['input'] }
  // A state of its own tells PlanDay's function about waits.
  if (Payload['waitsForInstance']) return { state: 'TellInstanceWait', input: Payload }
  const handler = /dayfold-([a-z-]+)/.exec(FunctionName)![1]!
  return { state: STATES[handler]!, input: Payload }
}

/** Returns the outcomes of a summary's dataset-days, by date. */
export const statuses = (summary: Summary | undefined) =>
  Object.fromEntries((summary?.days ?? []).map(({ date, status }) => [date, status]))
