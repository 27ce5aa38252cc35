import { callOfStep, type Scenario, type State, type Step } from './scenario.ts'

/** Returns the steps of a schedule, one line each: seconds since the start, actor, call, subject, and result. */
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

/** Shortens uuids, whose ends the model makes the same for all. */
const short = (text: string) => text.replaceAll('-0000-4000-8000-000000000000', '')
