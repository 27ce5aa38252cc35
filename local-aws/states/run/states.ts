import { deadline } from './clock.ts'
import { regionOf } from '../records/arns.ts'
import type { ChoiceState, FailState, TaskState, WaitState } from '../language/definition.ts'
import { ExecutionAborted, NO_CHOICE_MATCHED, StateError, TIMEOUT, asStateError } from '../language/errors.ts'
import { checkPayload } from './payload.ts'
import { evaluateIn, numberIn, produce, wrongType, type Transition, type Visit } from './visit.ts'

/** Timeout of a Task without TimeoutSeconds. */
const DEFAULT_TIMEOUT_SECONDS = 99_999_999

/**
 * Runs a Task state: calls its resource, with a time limit, and records the call in the history.
 * https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
 *
 * @returns the task's result
 * @throws StateError the resource's error, States.Timeout, or States.DataLimitExceeded for too large arguments or
 * results
 */
export async function runTask(state: TaskState, visit: Visit): Promise<unknown> {
  const { frame, name } = visit
  const { history, world } = frame.run
  const taskArguments =
    state.Arguments === undefined ? visit.input : await evaluateIn(visit, 'Arguments', state.Arguments)
  checkPayload(taskArguments, `Arguments of ${name}`)
  const isTimeout = (value: number) => Number.isInteger(value) && value >= 1
  const seconds = await numberIn(
    visit,
    'TimeoutSeconds',
    state.TimeoutSeconds,
    DEFAULT_TIMEOUT_SECONDS,
    isTimeout,
  )
  const timeout = () => new StateError(TIMEOUT, `${name} did not end within ${seconds} seconds.`)
  const [signal, done] = deadline(world.timers, seconds, frame.signal, timeout)
  const [resourceType, resource] = state.Resource.split(':').slice(-2) as [string, string]
  const details = { resourceType, resource }
  const region = regionOf(frame.run.context.StateMachine.Id)
  history.record('TaskScheduled', {
    taskScheduledEventDetails: { ...details, region, parameters: JSON.stringify(taskArguments) },
  })
  try {
    const result = await world.resources[state.Resource]!({ arguments: taskArguments, signal })
    checkPayload(result, `Result of ${name}`)
    history.record('TaskSucceeded', {
      taskSucceededEventDetails: { ...details, output: JSON.stringify(result) },
    })
    return result
  } catch (thrown) {
    if (thrown instanceof ExecutionAborted || frame.signal.aborted) throw thrown
    const error = asStateError(thrown)
    const failure = { ...details, error: error.name, cause: error.message }
    if (error.name === TIMEOUT) history.record('TaskTimedOut', { taskTimedOutEventDetails: failure })
    else history.record('TaskFailed', { taskFailedEventDetails: failure })
    throw error
  } finally {
    done()
  }
}

/**
 * Runs a Choice state: takes the first rule whose condition is true, else the Default.
 * https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
 *
 * @throws StateError States.NoChoiceMatched if no condition is true and there is no Default
 */
export async function choose(state: ChoiceState, visit: Visit): Promise<Transition> {
  for (const [index, rule] of state.Choices.entries()) {
    const field = `Choices[${index}]/Condition`
    const condition = await evaluateIn(visit, field, rule.Condition)
    if (typeof condition !== 'boolean') throw wrongType(visit, field, 'true or false', condition)
    if (condition) return { output: await produce(visit, rule, visit.input), next: rule.Next }
  }
  if (state.Default === undefined) {
    throw new StateError(NO_CHOICE_MATCHED, `No rule of ${visit.name} matched, and it has no Default.`)
  }
  return { output: await produce(visit, { Assign: state.Assign }, visit.input), next: state.Default }
}

/**
 * Runs a Wait state: waits for its seconds or until its time, multiplied by the World's `waitScale`.
 * https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html
 */
export async function waitFor(state: WaitState, visit: Visit): Promise<void> {
  const { run, signal } = visit.frame
  await run.world.timers.sleep((await waitMs(state, visit)) * run.world.waitScale, signal)
}

async function waitMs(state: WaitState, visit: Visit): Promise<number> {
  if (state.Timestamp === undefined) {
    const isSeconds = (value: number) => Number.isInteger(value) && value >= 0
    return 1000 * (await numberIn(visit, 'Seconds', state.Seconds, 0, isSeconds))
  }
  const timestamp = await evaluateIn(visit, 'Timestamp', state.Timestamp)
  const time = typeof timestamp === 'string' ? Date.parse(timestamp) : NaN
  if (Number.isNaN(time)) throw wrongType(visit, 'Timestamp', 'an ISO 8601 time', timestamp)
  return Math.max(0, time - visit.frame.run.world.now())
}

/**
 * Runs a Fail state: returns the error with which it fails, for the caller to throw.
 * https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html
 */
export async function failState(state: FailState, visit: Visit): Promise<StateError> {
  const text = async (field: 'Error' | 'Cause') => {
    const value = await evaluateIn(visit, field, state[field] ?? '')
    if (typeof value !== 'string') throw wrongType(visit, field, 'a string', value)
    return value
  }
  return new StateError(await text('Error'), await text('Cause'))
}
