import { join } from 'node:path'

export const PROJECT = join(import.meta.dirname, '../../..')

/** Programs that tests start as processes of their own. */
export const PROGRAMS = [
  'bin/dayfold',
  'test/support/acceptance/kill-before-crawl',
  'test/support/chaos/server/server',
  'test/support/increments/run-pass',
] as const

/** Names the folder that holds the programs as bundles. */
export const BUNDLES = 'DAYFOLD_TEST_PROGRAMS'

/** How node runs a program. */
export interface Program {
  readonly file: string
  readonly execArgv: readonly string[]
}

/** A program: the bundle that `npm test` has made of it, or else its source under tsx, which takes a second more. */
export function programOf(name: (typeof PROGRAMS)[number]): Program {
  const bundles = process.env[BUNDLES]
  if (bundles !== undefined) return { file: join(bundles, `${name}.mjs`), execArgv: [] }
  return { file: join(PROJECT, `${name}.ts`), execArgv: ['--import', 'tsx'] }
}
