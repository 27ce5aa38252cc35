import { cpSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { differences } from './compare.ts'
import type { EndState } from './end-state.ts'
import type { RunResult } from './messages.ts'
import type { Failure } from './report.ts'
import type { Disturbance } from './scenario.ts'
import type { World } from './world.ts'

export interface DisturbedOptions {
  /** Home to begin with. */
  readonly template: string
  readonly disturbance: Disturbance
  /** What an undisturbed run leaves. */
  readonly expected: EndState
}

/** Runs under a disturbance, then once more without: undefined when that left what an undisturbed run leaves. */
export async function runDisturbed(world: World, options: DisturbedOptions): Promise<Failure | undefined> {
  const { template, disturbance, expected } = options
  const { variant, kill, random } = disturbance
  world.restore(template)
  const disturbed = await world.run({
    inputs: variant.inputs,
    ...(kill && { kill }),
    ...(random && { random }),
  })
  const end = await world.runNext(variant.next)
  const problems = [...disturbedProblems(disturbance, disturbed)]
  if (end.status !== 'SUCCEEDED') problems.push(`the next run: ${end.status} ${end.error}: ${end.cause}`)
  problems.push(...differences(expected, await world.endState()))
  if (problems.length === 0) return undefined
  const home = mkdtempSync(join(tmpdir(), 'dayfold-chaos-failed-'))
  cpSync(world.home, home, { recursive: true })
  const faults = disturbed === 'killed' ? [] : disturbed.faults
  return { disturbance: disturbance.text, faults, differences: problems, home }
}

function disturbedProblems({ kill, random }: Disturbance, result: RunResult | 'killed'): string[] {
  if (kill) return result === 'killed' || result.killed ? [] : ['the kill was not reached']
  if (random?.kind !== 'delays') return []
  if (result === 'killed') return ['the server has died of delays']
  const failed = result.executions.filter(({ status }) => status !== 'SUCCEEDED')
  return failed.map(({ status, error, cause }) => `a run that was only delayed: ${status} ${error}: ${cause}`)
}
