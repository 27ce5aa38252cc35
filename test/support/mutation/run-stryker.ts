import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LogLevel, Mutant, MutantStatus, schema } from '@stryker-mutator/api/core'
import { Stryker } from '@stryker-mutator/core'
import { SAMPLE_CHECKER, SAMPLE_FILE } from './sample-checker.ts'
import { mutantKey } from './sample.ts'

const HERE = 'test/support/mutation'
/** Results of earlier runs, of which those stand whose code and tests are the same. */
const RESULTS = 'build/mutation'

/** Folders that no test reads. */
const LEFT_OUT = ['build', 'dist', 'cdk.out', '.dayfold', 'tutorial', 'bench/out', '.ci', '.github']

export interface RunOptions {
  readonly root: string
  /** Name of the results. */
  readonly name: string
  readonly mutants: readonly Mutant[]
  /** Whether all mutants are tested, also those that were before. @default false */
  readonly force?: boolean
}

/** A mutant and how it fared. */
export interface Tested {
  readonly mutant: Mutant
  readonly status: MutantStatus
}

/** Tests mutants, two at a time, with the tests in one process that reach each of them. */
export async function runStryker({ root, name, mutants, force = false }: RunOptions): Promise<Tested[]> {
  mkdirSync(join(root, RESULTS), { recursive: true })
  const [sample, report, incremental] = ['sample', 'report', 'incremental'].map(
    (kind) => `${RESULTS}/${name}.${kind}.json`,
  ) as [string, string, string]
  writeFileSync(join(root, sample), JSON.stringify(mutants.map(mutantKey)))
  process.env[SAMPLE_FILE] = join(root, sample)
  forgetStale(join(root, incremental))
  await new Stryker({
    mutate: mutants.map(rangeOf),
    testRunner: 'vitest',
    vitest: { configFile: `${HERE}/vitest.config.ts`, related: true },
    plugins: ['@stryker-mutator/vitest-runner', `./${HERE}/sample-checker.ts`],
    checkers: [SAMPLE_CHECKER],
    checkerNodeArgs: ['--import', 'tsx'],
    coverageAnalysis: 'perTest',
    concurrency: 2,
    incremental: true,
    incrementalFile: incremental,
    force,
    reporters: ['json', 'progress-append-only'],
    jsonReporter: { fileName: report },
    tempDirName: 'build/stryker',
    ignorePatterns: LEFT_OUT,
    // Of a machine that does other things as well; loops without end are told by their rounds.
    timeoutMS: 60_000,
    dryRunTimeoutMinutes: 30,
    warnings: false,
    logLevel: 'error' as LogLevel,
  }).runMutationTest()
  return resultsOf(JSON.parse(readFileSync(join(root, report), 'utf8')) as schema.MutationTestResult, mutants)
}

/** As Stryker is told a range: lines from 1, columns from 0. */
function rangeOf({ fileName, location: { start, end } }: Mutant): string {
  return `${fileName}:${start.line + 1}:${start.column}-${end.line + 1}:${end.column}`
}

/**
 * Forgets what the next run would wrongly keep: what a checker refused, though that run may have another sample, and
 * faults in what runs as a module is loaded that were not found, since StrykerJS keeps no list of tests for them and so
 * misses that one was written.
 */
function forgetStale(path: string): void {
  try {
    const results = JSON.parse(readFileSync(path, 'utf8')) as schema.MutationTestResult
    for (const file of Object.values(results.files))
      file.mutants = file.mutants.filter(
        ({ status, static: isStatic }) =>
          status !== 'CompileError' && (isStatic !== true || status === 'Killed'),
      )
    writeFileSync(path, JSON.stringify(results))
  } catch {
    // There are none yet.
  }
}

function resultsOf({ files }: schema.MutationTestResult, mutants: readonly Mutant[]): Tested[] {
  const statuses = new Map(
    Object.entries(files).flatMap(([fileName, file]) =>
      file.mutants.map(({ location, mutatorName, replacement = '', id, status }) => {
        const inside = { start: fromOne(location.start), end: fromOne(location.end) }
        return [mutantKey({ id, fileName, mutatorName, replacement, location: inside }), status] as const
      }),
    ),
  )
  return mutants.map((mutant) => ({ mutant, status: statuses.get(mutantKey(mutant)) ?? 'Pending' }))
}

/** Reports count lines and columns from 1. */
const fromOne = ({ line, column }: schema.Position) => ({ line: line - 1, column: column - 1 })
