import type { IncomingMessage } from 'node:http'
import type { Clock } from '../clock.ts'
import type { Access } from '../iam/access.ts'
import type { Fault } from '../protocol/faults.ts'
import type { Command } from '../protocol/command.ts'
import { describeOperation, type Answer, type Operation } from '../protocol/rest-xml/describe-operation.ts'
import type { ServedMembers } from '../protocol/rest-xml/request.ts'
import type { Complete, Served } from '../protocol/shapes.ts'
import type { Listings } from './storage/list.ts'
import type { Store } from './storage/store.ts'
import type { Uploads } from './storage/uploads.ts'

/** Everything that an operation needs to serve one request, beside the request's members. */
export interface S3Call {
  /** All objects. */
  readonly store: Store
  /** Multipart uploads in progress. */
  readonly uploads: Uploads
  /** Made-up listings of buckets, for simulations. */
  readonly listings: Listings
  /** Clock for times in answers, and for the expiry of restored copies. */
  readonly clock: Clock
  /** The HTTP request, from which a large body is streamed. */
  readonly request: IncomingMessage
  /**
   * Checks permissions of the caller beyond those in the operation's `accesses`.
   *
   * @throws AwsError AccessDenied
   */
  readonly authorize: (accesses: readonly Access[]) => void
  /**
   * Must be awaited after a change of an object has taken effect and before it is answered: it reports the change to
   * faults.
   */
  readonly wrote: (key: string) => Promise<void>
  /** Fault that happens to this call; operations treat only the kind `changed`. */
  readonly fault: Fault | undefined
}

/** The members of an input that are served; bucket and key always are. */
type Input<I, S> = Complete<Pick<I, (keyof S | 'Bucket' | 'Key') & keyof I>>

interface Row<I, O, S> {
  /** The members of AWS's input that are not refused, beside bucket and key. */
  readonly served: S
  /** Returns the permissions that a request needs. */
  readonly accesses: (input: Input<I, S>) => readonly Access[]
  /** Serves the request. An error that it throws becomes the answer. */
  readonly run: (input: Input<I, S>, call: S3Call) => Answer<O> | Promise<Answer<O>>
}

/** One operation of the local S3: its description, taken from the SDK, and its implementation. */
export interface S3Operation extends Operation {
  /** Returns the permissions that a request needs. */
  readonly accesses: (input: never) => readonly Access[]
  /** Serves a request. An error that it throws becomes the answer. */
  readonly run: (input: never, call: S3Call) => object | Promise<object>
}

const XMLNS = 'http://s3.amazonaws.com/doc/2006-03-01/'

/**
 * Defines an operation of the local S3 from the SDK's command for it. Requests and answers have the SDK's types, so an
 * answer of another shape does not compile.
 */
export function s3Operation<I, O, const S extends Served<Omit<I, 'Bucket' | 'Key'>>>(
  command: Command<I, O>,
  { served, accesses, run }: Row<I, O, S>,
): S3Operation {
  return { ...describeOperation(command, served as ServedMembers, XMLNS), accesses, run }
}
