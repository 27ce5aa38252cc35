import { differences } from '../world/compare.ts'
import type { World } from '../world/world.ts'
import type { Input, Undisturbed } from './scenario.ts'

/**
 * Runs an execution over a template without disturbing it.
 *
 * @throws Error when it does not succeed, what it leaves is not sound, or another run changes it
 */
export async function runUndisturbed(world: World, template: string, input: Input): Promise<Undisturbed> {
  world.restore(template)
  const result = await world.run({ inputs: [input] })
  if (result === 'killed') throw new Error('Undisturbed run: the server has died.')
  const bad = result.executions.find(({ status }) => status !== 'SUCCEEDED')
  if (bad) throw new Error(`Undisturbed run: expected it to succeed, found ${bad.error}: ${bad.cause}`)
  const state = await world.endState()
  await world.runNext(input)
  const problems = differences(state, await world.endState())
  if (problems.length > 0) throw new Error(`Undisturbed run: ${problems.join('; ')}`)
  return { state, writes: result.writes }
}
