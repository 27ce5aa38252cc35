import { fork } from 'node:child_process'
import { DayfoldError } from '../../core/errors.ts'
import { ownModule } from '../../lib/bundle/options.ts'
import { registryFile } from '../../lib/bundle/registry.ts'
import type { TypeProblem } from './type-problem.ts'

export interface CheckTypesOptions {
  /** Path of the module that exports `datasets`. */
  readonly registry: string
  readonly dataset: string
  readonly signal?: AbortSignal | undefined
}

/**
 * What is wrong with the types of a dataset's module and what it imports, found out in a process of its own that leaves
 * others the way: see `checkDataset`. Places are told from the folder of the registry.
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
