import type { IncomingHttpHeaders } from 'node:http'
import { notImplemented } from '../aws-error.ts'
import type { Operation } from './describe-operation.ts'

/** Recognizes a trait that only requests of some operations have. */
type Sign = (query: URLSearchParams, headers: IncomingHttpHeaders) => boolean

/**
 * Returns a function that finds the operation of an S3 request by method, path, query and headers. If several match,
 * the one that demands the most parameters and headers is chosen.
 */
export function createRouter<O extends Operation>(operations: readonly O[]) {
  const routes = operations
    .map((operation) => ({ operation, hasKey: operation.uri.startsWith('/{'), signs: signsOf(operation) }))
    .sort((a, b) => b.signs.length - a.signs.length)

  /** @throws AwsError NotImplemented, naming the request, if no operation matches */
  return (method: string, hasKey: boolean, query: URLSearchParams, headers: IncomingHttpHeaders): O => {
    const found = routes.find(
      (route) =>
        route.operation.method === method &&
        route.hasKey === hasKey &&
        route.signs.every((isThere) => isThere(query, headers)),
    )
    if (found) return found.operation
    throw notImplemented(`${method} of ${hasKey ? 'an object' : 'a bucket'} with "${query.toString()}"`)
  }
}

/** Signs of an operation: the query that its pattern spells out, and the parameters and headers that it requires. */
function signsOf({ request }: Operation): Sign[] {
  const { literals, parameters, headers, required } = request
  return [
    ...[...literals].map(
      ([name, value]): Sign =>
        (query) =>
          query.get(name) === value,
    ),
    ...[...parameters]
      .filter(([, { member }]) => required.includes(member))
      .map(
        ([name]): Sign =>
          (query) =>
            query.has(name),
      ),
    ...[...headers.byHeader]
      .filter(([, { member }]) => required.includes(member))
      .map(
        ([name]): Sign =>
          (_, sent) =>
            sent[name] !== undefined,
      ),
  ]
}
