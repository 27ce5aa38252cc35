import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Shape } from '../test/support/generated/generate.ts'
import { STATEMENTS } from './duckdb-statements.ts'
import { measure, type Measured } from './measure.ts'
import { runDuckDb } from './programs.ts'
import type { DuckDbRun } from './run-duckdb.ts'

/** Another engine with one way to do the work of a generated dataset. */
export interface Rival {
  /** Name and version, such as `DuckDB 1.5.5`. */
  readonly engine: string
  /** Name of its way to do the work. */
  readonly variant: string
  /** Writes Parquet files into `output`, after removing its former content. */
  run(): Promise<Measured<DuckDbRun>>
  readonly output: string
}

/** Work and folders of the rivals. */
export interface RivalOptions {
  readonly shape: Shape
  /** Folder of the bundled programs. */
  readonly programs: string
  readonly input: string
  /** Folder below which each rival writes. */
  readonly output: string
  readonly threads: number
  readonly say: (line: string) => void
}

const SCRIPT = fileURLToPath(new URL('rivals.py', import.meta.url))
/** Interpreter with the packages `polars` and `duckdb`. */
const PYTHON = process.env['DAYFOLD_PYTHON'] ?? 'python3'

/** Returns all rivals that this machine has: DuckDB as it is installed here, and those of Python. */
export function rivals(options: RivalOptions): Rival[] {
  const versions = pythonVersions(options.say)
  return [
    ...duckDbs(options),
    ...(versions.duckdb === undefined ? [] : pythonDuckDbs(options, versions.duckdb)),
    ...(versions.polars === undefined ? [] : [polars(options, versions.polars)]),
  ]
}

/** Asks Python for the versions of its engines. */
function pythonVersions(say: (line: string) => void): { duckdb?: string; polars?: string } {
  try {
    const printed = execFileSync(PYTHON, [SCRIPT], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    const versions = JSON.parse(printed) as { duckdb?: string; polars?: string }
    for (const name of ['duckdb', 'polars'] as const)
      if (versions[name] === undefined) say(`${PYTHON} has no package ${name}: not compared with`)
    return versions
  } catch {
    say(
      `${PYTHON} does not run: Polars and Python's DuckDB are not compared with (DAYFOLD_PYTHON names another)`,
    )
    return {}
  }
}

function duckDbs({ shape, programs, input, output, threads }: RivalOptions): Rival[] {
  return Object.keys(STATEMENTS[shape]).map((variant) => {
    const folder = join(output, 'duckdb')
    return {
      engine: 'DuckDB',
      variant,
      output: folder,
      run: () => runDuckDb(programs, { shape, variant, input, output: folder, threads }),
    }
  })
}

function pythonDuckDbs(options: RivalOptions, version: string): Rival[] {
  const output = join(options.output, 'python-duckdb')
  return Object.entries(STATEMENTS[options.shape]).map(([variant, statements]) => {
    const said = statements(`${options.input}/*.jsonl`, join(output, 'part.parquet'))
    const run = () => runPython(options, 'duckdb', output, [JSON.stringify(said)])
    return { engine: `DuckDB ${version} (Python)`, variant, output, run }
  })
}

function polars(options: RivalOptions, version: string): Rival {
  const output = join(options.output, 'polars')
  const run = () => runPython(options, 'polars', output)
  return { engine: `Polars ${version}`, variant: 'lazy', output, run }
}

function runPython(
  { shape, input, threads }: RivalOptions,
  engine: 'duckdb' | 'polars',
  output: string,
  more: readonly string[] = [],
): Promise<Measured<DuckDbRun>> {
  rmSync(output, { recursive: true, force: true })
  const args = [SCRIPT, engine, shape, input, output, String(threads), ...more]
  return measure(args, (printed) => JSON.parse(printed) as DuckDbRun, {}, PYTHON)
}
