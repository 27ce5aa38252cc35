import { setMaxListeners } from 'node:events'
import type { Catcher, MapState, State, StateGraph } from '../language/definition.ts'
import { runDistributedMap } from './distributed-map.ts'
import { asStateError, errorOutput, ExecutionAborted, type StateError } from '../language/errors.ts'
import { runInlineMap } from './inline-map.ts'
import { matches, retriesOf } from './retry.ts'
import { innerFrame, type Frame } from './run.ts'
import { choose, failState, runTask, waitFor } from './states.ts'
import { evaluateIn, produce, type Transition, type Visit } from './visit.ts'

/** Called before each state runs, with its name and its input. */
export type OnState = (state: string, input: unknown) => void

/**
 * Runs states one after another, beginning with `start`, until one has no successor or fails.
 *
 * @param onState called for the states of this graph only, not for those inside a Map or Parallel
 * @returns the output of the last state
 * @throws StateError if a state fails and neither its Retry nor its Catch handles the error
 * @throws the reason of the frame's signal, an ExecutionAborted or the failure of a parallel branch, if it aborts
 */
export async function runStates(
  graph: StateGraph,
  start: { readonly state: string; readonly input: unknown },
  frame: Frame,
  onState: OnState = () => undefined,
): Promise<unknown> {
  setMaxListeners(0, frame.signal)
  let { state, input } = start
  for (;;) {
    onState(state, input)
    const { output, next } = await visitState(graph.States[state]!, state, input, frame)
    if (next === undefined) return output
    state = next
    input = output
  }
}

async function visitState(state: State, name: string, input: unknown, frame: Frame): Promise<Transition> {
  const { history, world } = frame.run
  frame.signal.throwIfAborted()
  const enteredAt = new Date(world.now()).toISOString()
  const visit: Visit = { frame, name, input, enteredAt, retryCount: 0 }
  history.record(`${state.Type}StateEntered`, {
    stateEnteredEventDetails: { name, input: JSON.stringify(input) },
  })
  const transition = await withRetries(state, visit)
  if (state.Type !== 'Fail') {
    const details = { name, output: JSON.stringify(transition.output) }
    history.record(`${state.Type}StateExited`, { stateExitedEventDetails: details })
  }
  return transition
}

async function withRetries(state: State, visit: Visit): Promise<Transition> {
  const { run, signal } = visit.frame
  const retries = retriesOf(('Retry' in state && state.Retry) || [], () => run.world.random())
  for (;;) {
    try {
      return await runState(state, visit)
    } catch (thrown) {
      if (signal.aborted || thrown instanceof ExecutionAborted) throw thrown
      const error = asStateError(thrown)
      const delaySeconds = retries.next(error)
      if (delaySeconds === undefined) return catchError(state, visit, error)
      await run.world.timers.sleep(delaySeconds * run.world.waitScale * 1000, signal)
      visit.retryCount++
    }
  }
}

async function catchError(state: State, visit: Visit, error: StateError): Promise<Transition> {
  const catchers: readonly Catcher[] = ('Catch' in state && state.Catch) || []
  const catcher = catchers.find(({ ErrorEquals }) => matches(ErrorEquals, error))
  if (!catcher) throw error
  const output = errorOutput(error)
  return { output: await produce(visit, catcher, output, { errorOutput: output }), next: catcher.Next }
}

async function runState(state: State, visit: Visit): Promise<Transition> {
  switch (state.Type) {
    case 'Task':
      return finish(state, visit, await runTask(state, visit))
    case 'Pass':
      return { output: await produce(visit, state, visit.input), next: state.Next }
    case 'Choice':
      return choose(state, visit)
    case 'Wait':
      await waitFor(state, visit)
      return { output: await produce(visit, state, visit.input), next: state.Next }
    case 'Succeed':
      return { output: await produce(visit, state, visit.input) }
    case 'Fail':
      throw await failState(state, visit)
    case 'Map':
      return finish(state, visit, await runMap(state, visit))
    case 'Parallel':
      return finish(state, visit, await runParallel(state, visit))
  }
}

/** Runs a Map, inline or distributed. https://docs.aws.amazon.com/step-functions/latest/dg/state-map.html */
function runMap(state: MapState, visit: Visit): Promise<unknown> {
  const isInline = state.ItemProcessor.ProcessorConfig.Mode === 'INLINE'
  return isInline ? runInlineMap(state, visit, runStates) : runDistributedMap(state, visit)
}

async function finish(
  state: { Next?: string | undefined; Assign?: Record<string, unknown> | undefined; Output?: unknown },
  visit: Visit,
  result: unknown,
): Promise<Transition> {
  return { output: await produce(visit, state, result, { result }), next: state.Next }
}

async function runParallel(state: State & { Type: 'Parallel' }, visit: Visit): Promise<unknown> {
  const { frame, input } = visit
  const branchInput =
    state.Arguments === undefined ? input : await evaluateIn(visit, 'Arguments', state.Arguments)
  const failed = new AbortController()
  const signal = AbortSignal.any([frame.signal, failed.signal])
  const branches = state.Branches.map((branch) =>
    runStates(branch, { state: branch.StartAt, input: branchInput }, innerFrame(frame, signal)),
  )
  try {
    return await Promise.all(branches)
  } catch (error) {
    // One branch failed: stop the others.
    failed.abort(error)
    await Promise.allSettled(branches)
    throw error
  }
}
