import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Fault } from '../protocol/faults.ts'
import type { Access } from '../iam/access.ts'
import type { Caller } from '../protocol/service.ts'
import type { Store } from './storage/store.ts'

/** One request, as an operation sees it. */
export interface S3Request {
  readonly store: Store
  /** Such as `GetObject`. */
  readonly name: string
  readonly bucket: string
  /** Empty in operations on buckets. */
  readonly key: string
  readonly query: URLSearchParams
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly caller: Caller
  /** @throws AwsError AccessDenied */
  readonly authorize: (accesses: readonly Access[]) => void
  readonly fault: Fault | undefined
}

/** Does what the request asks for and answers it. What it throws is answered as an error. */
export type Operation = (request: S3Request) => void | Promise<void>
