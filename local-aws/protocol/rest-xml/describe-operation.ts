import { describeCommand, type Command } from '../command.ts'
import type { Complete } from '../shapes.ts'
import { bindAnswer, type AnswerBindings, type SendBody } from './answer.ts'
import { bindRequest, type RequestBindings, type ServedMembers } from './request.ts'

/** AWS's output of an operation. `$metadata` is there only for a status other than the schema's. */
export type Answer<O> = Complete<Omit<O, '$metadata' | 'Body'>> & {
  readonly $metadata?: { readonly httpStatusCode: number }
} & (O extends { readonly Body?: unknown } ? { readonly Body?: SendBody } : unknown)

/** Name, route and bindings of an operation, as the SDK's schemas have them. */
export interface Operation {
  /** Such as `GetObject`. */
  readonly name: string
  readonly method: string
  /** The pattern of path and query, such as `/{Key+}?uploads`. */
  readonly uri: string
  readonly request: RequestBindings
  readonly answer: AnswerBindings
}

/**
 * Describes the operation of an SDK command.
 *
 * @param served the members of its input that are not refused, beside those in the path
 */
export function describeOperation(
  command: Command<unknown, unknown>,
  served: ServedMembers,
  xmlns: string,
): Operation {
  const { name, http, input, output } = describeCommand(command)
  const [method, uri, status] = http
  const request = bindRequest(name, uri, input, served)
  return { name, method, uri, request, answer: bindAnswer(status, output, xmlns) }
}
