import { fork } from 'node:child_process'
import { DayfoldError } from '../../core/errors.ts'
import { ownModule } from '../../lib/bundle/options.ts'
import { registryFile } from '../../lib/bundle/registry.ts'
import type { TypeProblem } from './type-problem.ts'

/** Dataset whose types {@link checkTypes} checks. */
export interface CheckTypesOptions {
  /** Path of the module that exports `datasets`, the list of all datasets. */
  readonly registry: string
  readonly dataset: string
  /** Ends the check, which then returns no problems. @default nothing ends it */
  readonly signal?: AbortSignal | undefined
}

/**
 * Runs `checkDatasets` in a process of low priority. File names in the result are relative to the registry's folder.
 *
 * @throws DayfoldError InvalidDataset if the process fails
 */
export async function checkTypes({ registry, dataset, signal }: CheckTypesOptions): Promise<TypeProblem[]> {
  const program = ownModule('bin/types/check-main')
  const child = fork(program, [registryFile(registry), dataset], {
    execArgv: program.endsWith('.ts') ? ['--import', 'tsx'] : [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    ...(signal && { signal }),
  })
  return new Promise((resolve, reject) => {
    child.once('message', (problems) => resolve(problems as TypeProblem[]))
    child.once('error', (error) => (signal?.aborted ? resolve([]) : reject(error)))
    child.once('exit', (code) =>
      reject(
        new DayfoldError('InvalidDataset', `Types: expected them to be checked, found exit code ${code}.`),
      ),
    )
  })
}
