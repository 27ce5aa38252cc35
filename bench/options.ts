import { parseArgs } from 'node:util'
import { join } from 'node:path'
import { SAMPLE_SHAPES } from '../test/support/generated/samples.ts'
import { DAY_DATASETS } from '../test/support/increments/datasets.ts'
import { PROJECT_ROOT } from '../lib/bundle/options.ts'

/** Folder of generated inputs and of outputs. */
export const OUT = join(PROJECT_ROOT, 'bench/out')

/** Parsed command line of the bench. */
export interface BenchOptions {
  readonly command: (typeof COMMANDS)[number]
  /** True prints one JSON document on stdout instead of tables. */
  readonly json: boolean
  /** @default the command's own */
  readonly records: number | undefined
  readonly files: number | undefined
  /** Number of raw objects of `threads`. */
  readonly objects: number | undefined
  readonly pairs: number
  readonly threads: number
  /** Dataset of `increments`. */
  readonly dataset: keyof typeof DAY_DATASETS
  /** Dataset of `day`: measures a deployed dataset per record instead of the original pipeline's day. */
  readonly deployed: keyof typeof SAMPLE_SHAPES | undefined
}

/** Names of the benches, in the order of the page of results. */
export const COMMANDS = ['compare', 'day', 'scale', 'threads', 'start', 'increments', 'languages'] as const

/**
 * Parses a command line.
 *
 * @throws Error for an unknown command or option
 */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      records: { type: 'string' },
      files: { type: 'string' },
      objects: { type: 'string' },
      pairs: { type: 'string', default: '5' },
      threads: { type: 'string', default: '2' },
      dataset: { type: 'string' },
    },
  })
  const command = COMMANDS.find((name) => name === (positionals[0] ?? 'compare'))
  if (!command) throw new Error(`Command: expected ${COMMANDS.join(', ')}, found "${positionals[0]}".`)
  const { json, records, files, objects, pairs, threads } = values
  return {
    command,
    json,
    records: numberIn(records),
    files: numberIn(files),
    objects: numberIn(objects),
    pairs: Number(pairs),
    threads: Number(threads),
    dataset: command === 'increments' ? oneOf(DAY_DATASETS, values.dataset ?? 'jobs') : 'jobs',
    deployed:
      command === 'day' && values.dataset !== undefined ? oneOf(SAMPLE_SHAPES, values.dataset) : undefined,
  }
}

function oneOf<T extends object>(datasets: T, found: string): keyof T {
  if (Object.hasOwn(datasets, found)) return found as keyof T
  throw new Error(`--dataset: expected ${Object.keys(datasets).join(' or ')}, found "${found}".`)
}

const numberIn = (text: string | undefined) => (text === undefined ? undefined : Number(text))
