import { callOfStep, type Scenario, type State, type Step } from './scenario.ts'

/** What has happened, a line a step: seconds since the start, actor, call, what it is about, and what came of it. */
export function traceOf(
  scenario: Scenario,
  steps: readonly (readonly [before: State, step: Step])[],
): string[] {
  const width = Math.max(...scenario.actors.map(({ name }) => name.length))
  return steps.map(([state, step]) => {
    const actor = step.kind === 'time' ? '' : scenario.actors[step.actor]!.name
    const seconds = String(state.world.now - scenario.world.now).padStart(5)
    return `${seconds} s  ${actor.padEnd(width)}  ${textOf(scenario, state, step)}`
  })
}

function textOf({ time }: Scenario, state: State, step: Step): string {
  if (step.kind === 'time') return `${time.stepSeconds} s pass`
  if (step.kind === 'crash') return 'crashes'
  const call = callOfStep(state, step)
  return short(`${call.name} ${call.subject}  ${call.run(state.world).words}`).trimEnd()
}

/** The ends of uuids that the model made say nothing. */
const short = (text: string) => text.replaceAll('-0000-4000-8000-000000000000', '')
