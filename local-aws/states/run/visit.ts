import { QUERY_EVALUATION_ERROR, StateError } from '../language/errors.ts'
import { evaluate } from '../language/expressions.ts'
import { timeFunctions } from '../language/functions.ts'
import { checkPayload } from './payload.ts'
import type { Frame, MapItem } from './run.ts'

/** One visit to a state, with all of its retries. */
export interface Visit {
  readonly frame: Frame
  readonly name: string
  readonly input: unknown
  /** ISO time. */
  readonly enteredAt: string
  /** Number of retries during this visit so far. */
  retryCount: number
}

/** Output of a state, and the state that gets it. */
export interface Transition {
  readonly output: unknown
  /** Absent after the last state. */
  readonly next?: string | undefined
}

/** Members of `$states` beyond the input and the context. */
export interface Extra {
  readonly result?: unknown
  readonly errorOutput?: unknown
  readonly map?: MapItem
}

/**
 * Evaluates a template with the bindings of a state's expressions.
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

/** The fields by which a state, a rule or a catcher makes its output and assigns variables. */
export interface Producing {
  readonly Assign?: Readonly<Record<string, unknown>> | undefined
  readonly Output?: unknown
}

/**
 * Returns the output of a state and makes its assignments. Both see the variables as they were when the state was
 * entered. https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
 *
 * @param otherwise the output without an `Output` field
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
 * Returns a number that a field states or computes, or `otherwise` if the field is absent.
 *
 * @throws StateError States.QueryEvaluationError if it is no number within its bounds
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

/** Returns the error for a field whose value has the wrong type. */
export function wrongType(visit: Visit, field: string, expected: string, found: unknown): StateError {
  return new StateError(
    QUERY_EVALUATION_ERROR,
    `The field '${field}' of ${visit.name} expected ${expected}, found ${JSON.stringify(found)}.`,
  )
}
