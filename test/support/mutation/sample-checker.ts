import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { CheckStatus, type CheckResult, type Checker } from '@stryker-mutator/api/check'
import type { Mutant } from '@stryker-mutator/api/core'
import { declareFactoryPlugin, PluginKind } from '@stryker-mutator/api/plugin'
import { mutantKey } from './sample.ts'

/** Environment variable with the file that lists the keys of the mutants to test, as JSON. */
export const SAMPLE_FILE = 'MUTATION_SAMPLE'
/** Name of the plugin. */
export const SAMPLE_CHECKER = 'sample'

/** Passes the mutants of a sample and no others, which Stryker then counts as invalid. */
function sampleChecker(): Checker {
  let keys: ReadonlySet<string> = new Set()
  const isDrawn = (mutant: Mutant) =>
    keys.has(mutantKey({ ...mutant, fileName: relative(process.cwd(), mutant.fileName) }))
  return {
    init() {
      keys = new Set(JSON.parse(readFileSync(process.env[SAMPLE_FILE]!, 'utf8')) as string[])
      return Promise.resolve()
    },
    check(mutants) {
      const results = mutants.map((mutant): [string, CheckResult] => [
        mutant.id,
        isDrawn(mutant)
          ? { status: CheckStatus.Passed }
          : { status: CheckStatus.CompileError, reason: 'not drawn' },
      ])
      return Promise.resolve(Object.fromEntries(results))
    },
    group: (mutants) => Promise.resolve([mutants.map(({ id }) => id)]),
  }
}

export const strykerPlugins = [declareFactoryPlugin(PluginKind.Checker, SAMPLE_CHECKER, sampleChecker)]
