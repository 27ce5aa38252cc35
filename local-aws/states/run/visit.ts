import { QUERY_EVALUATION_ERROR, StateError } from '../language/errors.ts'
import { evaluate } from '../language/expressions.ts'
import { timeFunctions } from '../language/functions.ts'
import { checkPayload } from './payload.ts'
import type { Frame, MapItem } from './run.ts'

/** One run of a state within an execution, from entering it to leaving it, with all of its retries. */
export interface Visit {
  readonly frame: Frame
  /** Name of the state. */
  readonly name: string
  readonly input: unknown
  /** ISO time at which the state was entered. */
  readonly enteredAt: string
  /** Number of retries so far. */
  retryCount: number
}

/** Result of a state: its output, and the state that gets it as input. */
export interface Transition {
  readonly output: unknown
  /** Name of the next state; undefined if there is none. */
  readonly next?: string | undefined
}

/**
 * Additional members of `$states` that only some expressions of a state can read: the result in `Output` and `Assign`,
 * the error in a Catch, the item in an ItemSelector.
 */
export interface Extra {
  readonly result?: unknown
  readonly errorOutput?: unknown
  readonly map?: MapItem
}

/**
 * Evaluates the expressions in a field of a state, which can read the state's input, the context and the variables.
 * https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#jsonata-reserved-states-variable
 *
 * @throws StateError States.QueryEvaluationError
 */
export function evaluateIn(
  visit: Visit,
  field: string,
  template: unknown,
  extra: Extra = {},
): Promise<unknown> {
  const { frame, name, input, enteredAt, retryCount } = visit
  const { map = frame.map, ...rest } = extra
  const context = {
    ...frame.run.context,
    State: { Name: name, EnteredTime: enteredAt, RetryCount: retryCount },
    ...(map && { Map: map }),
  }
  const time = timeFunctions(frame.run.world.now())
  const bindings = { ...time, ...frame.outer, ...frame.variables, states: { input, context, ...rest } }
  return evaluate(template, bindings, field)
}

/**
 * The fields with which a state, a rule of a Choice or an entry of a Catch computes its output and assigns variables.
 */
export interface Producing {
  readonly Assign?: Readonly<Record<string, unknown>> | undefined
  readonly Output?: unknown
}

/**
 * Computes the output of a state and assigns its variables. Both expressions read the variables as they were before the
 * assignment. https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
 *
 * @param otherwise the output if there is no `Output` field
 * @throws StateError States.QueryEvaluationError, States.DataLimitExceeded
 */
export async function produce(
  visit: Visit,
  producing: Producing,
  otherwise: unknown,
  extra: Extra = {},
): Promise<unknown> {
  const { Assign, Output } = producing
  const output = Output === undefined ? otherwise : await evaluateIn(visit, 'Output', Output, extra)
  checkPayload(output, `Output of ${visit.name}`)
  if (Assign) {
    const assigned = (await evaluateIn(visit, 'Assign', Assign, extra)) as Record<string, unknown>
    for (const [variable, value] of Object.entries(assigned)) {
      checkPayload(value, `Variable ${variable} assigned in ${visit.name}`)
    }
    Object.assign(visit.frame.variables, assigned)
  }
  return output
}

/**
 * Returns the value of a field that is a number or an expression for one; `otherwise` if the field is absent.
 *
 * @param isValid returns true for a number within the field's bounds
 * @throws StateError States.QueryEvaluationError if the value is no such number
 */
export async function numberIn(
  visit: Visit,
  field: string,
  value: number | string | undefined,
  otherwise: number,
  isValid: (value: number) => boolean,
): Promise<number> {
  if (value === undefined) return otherwise
  const number = await evaluateIn(visit, field, value)
  if (typeof number === 'number' && isValid(number)) return number
  throw wrongType(visit, field, 'a number in its range', number)
}

/**
 * Returns the error States.QueryEvaluationError for a field whose value has the wrong type.
 *
 * @param expected the type in words
 */
export function wrongType(visit: Visit, field: string, expected: string, found: unknown): StateError {
  return new StateError(
    QUERY_EVALUATION_ERROR,
    `The field '${field}' of ${visit.name} expected ${expected}, found ${JSON.stringify(found)}.`,
  )
}
