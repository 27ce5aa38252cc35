import { describeCommand, type Command } from '../command.ts'
import type { Complete } from '../shapes.ts'
import { bindAnswer, type AnswerBindings, type SendBody } from './answer.ts'
import { bindRequest, type RequestBindings, type ServedMembers } from './request.ts'

/**
 * The answer that an S3 operation must return: the SDK's output of its command, with a function as its raw body.
 * `$metadata` is needed only for an HTTP status other than the usual one.
 */
export type Answer<O> = Complete<Omit<O, '$metadata' | 'Body'>> & {
  readonly $metadata?: { readonly httpStatusCode: number }
} & (O extends { readonly Body?: unknown } ? { readonly Body?: SendBody } : unknown)

/**
 * Description of an S3 operation, taken from the SDK: how its requests are recognized and read, and its answers
 * written.
 */
export interface Operation {
  /** AWS's name, such as `GetObject`. */
  readonly name: string
  /** HTTP method. */
  readonly method: string
  /** Pattern of path and query, such as `/{Key+}?uploads`. */
  readonly uri: string
  readonly request: RequestBindings
  readonly answer: AnswerBindings
}

/**
 * Describes the S3 operation that an SDK command is for.
 *
 * @param served the members of a request that are implemented, beside bucket and key; requests with others are refused
 * @param xmlns XML namespace of answers
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
