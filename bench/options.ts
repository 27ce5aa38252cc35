import { join } from 'node:path'
import { Argument, Command, Option } from 'commander'
import { countArgument } from '../bin/options.ts'
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

/** Flags of a command line, as commander parses them. */
type Flags = Pick<BenchOptions, 'json' | 'records' | 'files' | 'objects' | 'pairs' | 'threads'> & {
  readonly dataset?: string
}

/** Command line of the bench, without `engine`. Unknown commands and options end the process with the usage. */
const program = new Command('bench')
  .description('Measures the engine and the pipeline. `bench engine` runs it once over your own folder.')
  .addArgument(new Argument('[name]', 'what to measure').choices(COMMANDS).default('compare'))
  .option('--json', 'print one JSON document on stdout', false)
  .option('--records <n>', "records of a day (default: the bench's own)", countArgument)
  .option('--files <n>', "raw files of a day (default: the bench's own)", countArgument)
  .option('--objects <n>', 'threads: raw objects (default: 50000)', countArgument)
  .option('--pairs <n>', 'compare: rounds', countArgument, 5)
  .option('--threads <n>', 'workers of the engine', countArgument, 2)
  .addOption(
    new Option('--dataset <name>', 'day: a deployed dataset; increments: jobs by default').choices([
      ...new Set([...Object.keys(SAMPLE_SHAPES), ...Object.keys(DAY_DATASETS)]),
    ]),
  )
  .showHelpAfterError()

/**
 * Parses a command line. Ends the process for one that is wrong, or that asks for help.
 */
export function parseOptions(args: readonly string[]): BenchOptions {
  program.parse(args, { from: 'user' })
  const [command] = program.processedArgs as [BenchOptions['command']]
  const { dataset, ...flags } = program.opts<Flags>()
  return {
    ...flags,
    command,
    dataset: command === 'increments' ? oneOf(DAY_DATASETS, dataset ?? 'jobs') : 'jobs',
    deployed: command === 'day' && dataset !== undefined ? oneOf(SAMPLE_SHAPES, dataset) : undefined,
  }
}

function oneOf<T extends object>(datasets: T, found: string): keyof T {
  if (Object.hasOwn(datasets, found)) return found as keyof T
  return program.error(`--dataset: expected ${Object.keys(datasets).join(' or ')}, found "${found}".`)
}
