import { gunzipSync } from 'node:zlib'
import { DEFAULT_FILE_LIMITS } from '../../../core/file-limits.ts'
import { compareKeys } from '../../../core/layout.ts'
import type { RawObject } from '../../../core/manifest.ts'
import type { Reject } from '../../../core/rejects.ts'
import { columnSpecs } from '../../../processing/dataset.ts'
import { processDay, type ProcessDayOptions } from '../../../processing/day/process-day.ts'
import type { Sink } from '../../../processing/write/sink.ts'
import type { Source } from '../../../processing/read/source.ts'
import type { ProcessedDay } from '../../../processing/write/merge-results.ts'
import { datasets } from '../../fixtures/processing/registry.ts'

export const LIMITS = DEFAULT_FILE_LIMITS

/** Returns a source of raw objects in memory. */
export function memorySource(objects: Readonly<Record<string, string | Uint8Array>>) {
  const bytes = new Map(
    Object.entries(objects).map(([key, content]) => [key, Buffer.from(content as Uint8Array)]),
  )
  const inputs: RawObject[] = [...bytes.keys()]
    .sort(compareKeys)
    .map((key) => ({ key, etag: 'e', size: bytes.get(key)!.length }))
  const source = {
    read(object, start, target) {
      bytes.get(object.key)!.copy(target, 0, start, start + target.length)
      return Promise.resolve()
    },
  } satisfies Source
  return { inputs, source }
}

/** Returns a sink that keeps files in memory, by folder and name; `aborted` has those that were discarded. */
export function memorySink() {
  const files = new Map<string, Buffer>()
  const aborted: string[] = []
  const sink: Sink = {
    create(folder, name) {
      const chunks: Uint8Array[] = []
      return Promise.resolve({
        write: (bytes) => void chunks.push(Uint8Array.from(bytes)),
        close: () => Promise.resolve(void files.set(`${folder}/${name}`, Buffer.concat(chunks))),
        abort: () => Promise.resolve(void aborted.push(name)),
      })
    },
  }
  return { sink, files, aborted }
}

export interface TestDay extends ProcessedDay {
  readonly files: ReadonlyMap<string, Buffer>
  readonly parquet: readonly Buffer[]
  /** Lines of the reject files. */
  readonly rejected: readonly Reject[]
}

/** Processes a day of objects in memory. */
export async function runDay(
  workerUrl: URL,
  dataset: string,
  objects: Readonly<Record<string, string | Uint8Array>>,
  options: Partial<ProcessDayOptions> = {},
): Promise<TestDay> {
  const { inputs, source } = memorySource(objects)
  const { sink, files } = memorySink()
  const columns = options.columns ?? columnSpecs(datasets.find(({ name }) => name === dataset)!)
  const day = await processDay({
    dataset,
    columns,
    inputs,
    source,
    sink,
    workerUrl,
    generation: 1,
    attempt: 'a1',
    limits: LIMITS,
    workers: 1,
    ...options,
  })
  return {
    ...day,
    files,
    parquet: day.parts.map(({ name }) => files.get(`parts/${name}`)!),
    rejected: day.rejects.flatMap(({ name }) => linesOf(gunzipSync(files.get(`rejected/${name}`)!))),
  }
}

function linesOf(bytes: Buffer): Reject[] {
  return bytes
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Reject)
}
