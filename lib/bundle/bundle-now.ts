import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DayfoldError, type ErrorCode } from '../../core/errors.ts'
import type { BundleAllOptions, Bundles } from './bundle-all.ts'
import { ownModule } from './options.ts'

interface Answer {
  readonly bundles: Bundles
  readonly error?: { readonly code: ErrorCode; readonly message: string }
}

/**
 * Does the work of `bundleAll` synchronously, in a process of its own, because the constructor of a construct cannot
 * await.
 *
 * @throws DayfoldError InvalidDataset if the registry cannot be bundled
 */
export function bundleNow(options: BundleAllOptions): Bundles {
  const request = join(options.outDir, 'request.json')
  const answer = join(options.outDir, 'answer.json')
  writeFileSync(request, JSON.stringify(options))
  const program = ownModule('lib/bundle/main')
  const loader = program.endsWith('.ts') ? ['--import', 'tsx'] : []
  // Ignores its standard output: the CDK command line may read this process's own.
  const { status, error } = spawnSync(process.execPath, [...loader, program, request, answer], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) {
    const cause = error ?? new Error(`exit code ${status}`)
    throw new DayfoldError('InvalidDataset', `Bundles: expected them to be made, found ${cause.message}.`, {
      cause,
    })
  }
  const { bundles, error: refused } = JSON.parse(readFileSync(answer, 'utf8')) as Answer
  if (refused) throw new DayfoldError(refused.code, refused.message)
  return bundles
}
