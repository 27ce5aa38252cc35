import { QUERY_EVALUATION_ERROR, StateError } from '../language/errors.ts'
import { evaluate } from '../language/expressions.ts'
import { timeFunctions } from '../language/functions.ts'
import { checkPayload } from './payload.ts'
import type { Frame, MapItem } from './run.ts'

/** One visit to a state. */
export interface Visit {
  readonly frame: Frame
  readonly name: string
  readonly input: unknown
  /** ISO time. */
  readonly enteredAt: string
  /** How often the state was tried again during this visit. */
  retryCount: number
}

/** Where a state leads, and what it hands on. */
export interface Transition {
  readonly output: unknown
  /** Absent: the end. */
  readonly next?: string | undefined
}

/** What `$states` holds beyond the input and the context. */
export interface Extra {
  readonly result?: unknown
  readonly errorOutput?: unknown
  readonly map?: MapItem
}

/**
 * The value of a template as a state's expressions see the world.
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

/** The fields with which a state, a rule or a catcher says what it hands on. */
export interface Producing {
  readonly Assign?: Readonly<Record<string, unknown>> | undefined
  readonly Output?: unknown
}

/**
 * The output of a state, and its assignments made. Both see the variables as they were when the state was entered.
 * https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
 *
 * @param otherwise the output of a state that names none
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
 * A number that is written out or computed.
 *
 * @throws StateError States.QueryEvaluationError when it is no number within its bounds
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

/** The error of a field whose value is of another type than its meaning asks for. */
export function wrongType(visit: Visit, field: string, expected: string, found: unknown): StateError {
  return new StateError(
    QUERY_EVALUATION_ERROR,
    `The field '${field}' of ${visit.name} expected ${expected}, found ${JSON.stringify(found)}.`,
  )
}
