import { cpSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { differences } from '../world/compare.ts'
import type { EndState } from '../world/end-state.ts'
import type { RunResult } from '../server/messages.ts'
import type { Failure } from './report.ts'
import type { Disturbance } from './scenario.ts'
import type { World } from '../world/world.ts'

export interface DisturbedOptions {
  /** Home that the run begins with. */
  readonly template: string
  readonly disturbance: Disturbance
  /** State that an undisturbed run leaves. */
  readonly expected: EndState
}

/** Result of a disturbed run. */
export interface Disturbed {
  /** Absent if the next run leaves the same state as an undisturbed run. */
  readonly failure?: Failure
  /** Faults that happened by chance. */
  readonly faults: readonly string[]
}

/** Runs under a disturbance, then once more without, and compares the state that this leaves. */
export async function runDisturbed(world: World, options: DisturbedOptions): Promise<Disturbed> {
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
  const faults = disturbed === 'killed' ? [] : disturbed.faults
  if (problems.length === 0) return { faults }
  const home = mkdtempSync(join(tmpdir(), 'dayfold-chaos-failed-'))
  cpSync(world.home, home, { recursive: true })
  return { failure: { disturbance: disturbance.text, faults, differences: problems, home }, faults }
}

function disturbedProblems({ kill, random }: Disturbance, result: RunResult | 'killed'): string[] {
  if (kill) return result === 'killed' || result.killed ? [] : ['the kill was not reached']
  if (random?.kind !== 'delays') return []
  if (result === 'killed') return ['the server has died of delays']
  const failed = result.executions.filter(({ status }) => status !== 'SUCCEEDED')
  return failed.map(({ status, error, cause }) => `a run that was only delayed: ${status} ${error}: ${cause}`)
}
