import type { State, StateGraph } from '@dayfold/local-aws/states'
import { StateError } from '@dayfold/local-aws/states'
import type { HistoryEvent } from '@dayfold/local-aws/states'
import { matches } from '@dayfold/local-aws/states'

/**
 * Returns the ways to leave the states of a definition and of its Maps, such as `DayPlanned: rule 1 -> WaitForOther`. A
 * retrier is one way if it tries again, another if it exists to try nothing.
 *
 * @throws Error if two ways of one state lead to the same state, so that histories do not tell them apart
 */
export function branchesOf(graph: StateGraph): string[] {
  return Object.entries(statesOf(graph)).flatMap(([name, state]) => {
    const ways = waysOf(state)
    const targets = ways.flatMap((way) => / -> (.*)/.exec(way)?.[1] ?? [])
    if (new Set(targets).size < targets.length)
      throw new Error(`${name}: ways that look alike: ${ways.join()}`)
    return ways.map((way) => `${name}: ${way}`)
  })
}

/** Returns every state of a definition, those inside Maps included, by name. */
export function statesOf(graph: StateGraph): Record<string, State> {
  const inner = Object.values(graph.States).map((state) =>
    state.Type === 'Map' ? statesOf(state.ItemProcessor) : {},
  )
  return Object.assign({ ...graph.States }, ...inner) as Record<string, State>
}

function waysOf(state: State): string[] {
  if (state.Type === 'Fail' || state.Type === 'Succeed') return ['ends']
  if (state.Type === 'Choice') {
    const rules = state.Choices.map(({ Next }, index) => `rule ${index} -> ${Next}`)
    return [...rules, ...(state.Default === undefined ? [] : [`default -> ${state.Default}`])]
  }
  const retriers = ('Retry' in state && state.Retry) || []
  const catchers = ('Catch' in state && state.Catch) || []
  return [
    ...retriers.map(({ MaxAttempts }, index) =>
      MaxAttempts > 0 ? `retrier ${index} again` : `retrier ${index} ends`,
    ),
    ...catchers.map(({ Next }, index) => `catcher ${index} -> ${Next}`),
    'Next' in state && state.Next !== undefined ? `next -> ${state.Next}` : 'ends',
  ]
}

/** Returns the ways in which an execution with this history left its states. */
export function branchesTaken(graph: StateGraph, events: readonly HistoryEvent[]): Set<string> {
  const states = statesOf(graph)
  const taken = new Set<string>()
  let name = ''
  let error: StateError | undefined
  const leave = (way: string) => void taken.add(`${name}: ${way}`)
  for (const event of events) {
    const { type } = event
    const failure = event.taskFailedEventDetails ?? event.taskTimedOutEventDetails
    if (failure) {
      error = new StateError(String(failure['error']), String(failure['cause']))
    } else if (type === 'TaskScheduled') {
      if (error) leave(`retrier ${retrierOf(states[name]!, error)} again`)
      error = undefined
    } else if (type.endsWith('StateEntered')) {
      const next = String(event.stateEnteredEventDetails!['name'])
      if (name !== '') leave(wayTo(states[name]!, next, error))
      name = next
      error = undefined
    } else if (type === 'ExecutionFailed') {
      leave(error ? `retrier ${retrierOf(states[name]!, error)} ends` : 'ends')
    } else if (type === 'ExecutionSucceeded') {
      leave('ends')
    } else if (type === 'ExecutionRedriven') {
      // The execution enters the state that it ended in once more.
      name = ''
    }
  }
  return taken
}

const retrierOf = (state: State, error: StateError) =>
  (('Retry' in state && state.Retry) || []).findIndex(({ ErrorEquals }) => matches(ErrorEquals, error))

function wayTo(state: State, next: string, error: StateError | undefined): string {
  if (state.Type === 'Choice') {
    const rule = state.Choices.findIndex(({ Next }) => Next === next)
    return rule < 0 ? `default -> ${next}` : `rule ${rule} -> ${next}`
  }
  if (!error) return `next -> ${next}`
  const catchers = ('Catch' in state && state.Catch) || []
  return `catcher ${catchers.findIndex(({ ErrorEquals }) => matches(ErrorEquals, error))} -> ${next}`
}
