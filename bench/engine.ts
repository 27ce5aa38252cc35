import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { buildPrograms } from './build.ts'
import { engineArguments, runEngine } from './programs.ts'

const USAGE = '--datasets FILE --dataset NAME --input DIR --output DIR [--workers N] [--print]'

/**
 * Runs the engine once over a folder of raw files with your own datasets, or only builds it, for measurements from
 * outside. Returns the figures as JSON, or the command to run. A run removes the former content of `output`.
 *
 * @throws Error for options that are missing or unknown
 */
export async function engineCommand(args: readonly string[]): Promise<string> {
  const string = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ datasets: string, dataset: string, input: string, output: string },
      workers: { type: 'string', default: '2' },
      print: { type: 'boolean', default: false },
    },
  })
  const { datasets, dataset, input, output, workers, print } = values
  if (!datasets || !dataset || !input || !output) throw new Error(`Options: expected ${USAGE}.`)
  const settings = { dataset, input: resolve(input), output: resolve(output), workers: Number(workers) }
  const folder = await buildPrograms(resolve(datasets))
  if (print) return ['node', ...engineArguments(folder, settings)].map(quoted).join(' ')
  const { wallSeconds, peakBytes, result } = await runEngine(folder, settings)
  return JSON.stringify({ ...result, wallSeconds, peakBytes })
}

/** Quotes a word for a shell. */
const quoted = (word: string) => (/^[\w./:=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)
