import { resolve } from 'node:path'
import { Command } from 'commander'
import { countArgument } from '../bin/options.ts'
import { buildPrograms } from './build.ts'
import { engineArguments, runEngine } from './programs.ts'

interface Flags {
  readonly datasets: string
  readonly dataset: string
  readonly input: string
  readonly output: string
  readonly workers: number
  readonly print: boolean
}

const program = new Command('bench engine')
  .description('Runs the engine once over a folder of raw files, and prints its figures as JSON.')
  .requiredOption('--datasets <file>', 'module that lists the datasets')
  .requiredOption('--dataset <name>', 'dataset to make')
  .requiredOption('--input <folder>', 'raw files')
  .requiredOption('--output <folder>', 'Parquet files; its former content is removed')
  .option('--workers <n>', 'workers', countArgument, 2)
  .option('--print', 'only build the engine, and print the command that runs it', false)
  .showHelpAfterError()

/**
 * Runs the engine once over a folder of raw files with your own datasets, or only builds it, for measurements from
 * outside. Returns the figures as JSON, or the command to run. A run removes the former content of `output`. Ends the
 * process for a command line that is wrong, or that asks for help.
 */
export async function engineCommand(args: readonly string[]): Promise<string> {
  program.parse(args, { from: 'user' })
  const { datasets, dataset, input, output, workers, print } = program.opts<Flags>()
  const settings = { dataset, input: resolve(input), output: resolve(output), workers }
  const folder = await buildPrograms(resolve(datasets))
  if (print) return ['node', ...engineArguments(folder, settings)].map(quoted).join(' ')
  const { wallSeconds, peakBytes, result } = await runEngine(folder, settings)
  return JSON.stringify({ ...result, wallSeconds, peakBytes })
}

/** Quotes a word for a shell. */
const quoted = (word: string) => (/^[\w./:=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)
