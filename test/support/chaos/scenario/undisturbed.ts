import { differences } from '../world/compare.ts'
import type { World } from '../world/world.ts'
import type { Input, Undisturbed } from './scenario.ts'

/**
 * Runs an execution over a template without disturbance.
 *
 * @throws Error if it does not succeed, if the state that it leaves is not sound, or if another run changes that state
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
