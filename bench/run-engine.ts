/**
 * Runs the engine once over a folder of raw files, in a process of its own: `node run-engine.mjs SETTINGS`, where
 * SETTINGS is the JSON of EngineSettings. Prints the JSON of EngineRun.
 */
import { setImmediate } from 'node:timers/promises'
import { deployedDataset } from '../core/deployment.ts'
import { DEFAULT_FILE_LIMITS } from '../core/file-limits.ts'
import type { RawObject } from '../core/manifest.ts'
import { readDeployment } from '../lambda/deployment-file.ts'
import { processDay } from '../processing/day/process-day.ts'
import { fileSink } from './file-sink.ts'
import { fileSource, listFiles } from './file-source.ts'

/** Dataset, folders and workers of a run. */
export interface EngineSettings {
  readonly dataset: string
  readonly input: string
  readonly output: string
  readonly workers: number
}

/** Counts and figures of a run. */
export interface EngineRun {
  readonly records: number
  readonly rows: number
  readonly rejected: number
  readonly rawBytes: number
  readonly bytes: number
  readonly parts: number
  readonly encodedValues: number
  readonly reencodedValues: number
  readonly phaseSeconds: Readonly<Record<string, number>>
  /** Most resident memory of the process, in bytes. */
  readonly peakBytes: number
  /** User and system time of the process. */
  readonly cpuSeconds: number
}

const settings = JSON.parse(process.argv[2]!) as EngineSettings
let listSeconds = 0
const day = await processDay({
  dataset: settings.dataset,
  columns: deployedDataset(readDeployment(import.meta.url), settings.dataset).columns,
  inputs: list(),
  generation: 1,
  attempt: 'a1',
  limits: DEFAULT_FILE_LIMITS,
  source: fileSource(settings.input),
  sink: fileSink(settings.output),
  workerUrl: new URL('./worker.mjs', import.meta.url),
  workers: settings.workers,
})

/** Lists the files while workers start. */
async function list(): Promise<RawObject[]> {
  await setImmediate()
  const begun = performance.now()
  const inputs = listFiles(settings.input)
  listSeconds = (performance.now() - begun) / 1000
  return inputs
}
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
const usage = process.resourceUsage()
const run: EngineRun = {
  records: sum(day.inputs.map(({ records }) => records)),
  rows: sum(day.parts.map(({ rows }) => rows)),
  rejected: sum(day.inputs.map(({ rejected }) => rejected)),
  rawBytes: sum(day.inputs.map(({ size }) => size)),
  bytes: sum(day.parts.map(({ bytes }) => bytes)),
  parts: day.parts.length,
  encodedValues: day.encodedValues,
  reencodedValues: day.reencodedValues,
  phaseSeconds: { list: listSeconds, ...day.phaseSeconds },
  peakBytes: usage.maxRSS * 1024,
  cpuSeconds: (usage.userCPUTime + usage.systemCPUTime) / 1e6,
}
process.stdout.write(JSON.stringify(run))
