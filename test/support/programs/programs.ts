import { join } from 'node:path'

export const PROJECT = join(import.meta.dirname, '../../..')

/** Programs that tests start as processes of their own. */
export const PROGRAMS = [
  'bin/dayfold',
  'test/support/acceptance/kill-before-crawl',
  'test/support/chaos/server/server',
  'test/support/increments/run-pass',
] as const

/** Environment variable with the folder of the bundled programs. */
export const BUNDLES = 'DAYFOLD_TEST_PROGRAMS'

/** The file and flags that node runs a program with. */
export interface Program {
  readonly file: string
  readonly execArgv: readonly string[]
}

/**
 * Returns a program: the bundle that `npm test` has made, or else its source under tsx, which takes a second longer.
 */
export function programOf(name: (typeof PROGRAMS)[number]): Program {
  const bundles = process.env[BUNDLES]
  if (bundles !== undefined) return { file: join(bundles, `${name}.mjs`), execArgv: [] }
  return { file: join(PROJECT, `${name}.ts`), execArgv: ['--import', 'tsx'] }
}
