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

/** The surroundings of one call of an operation, beside its input. */
export interface S3Call {
  readonly store: Store
  readonly uploads: Uploads
  readonly listings: Listings
  readonly clock: Clock
  /** Source of a streamed body. */
  readonly request: IncomingMessage
  /**
   * Checks further permissions of the caller.
   *
   * @throws AwsError AccessDenied
   */
  readonly authorize: (accesses: readonly Access[]) => void
  /** Must be called once the change of an object has taken effect. */
  readonly wrote: (key: string) => Promise<void>
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

/** One operation of S3: its description by the SDK's schemas, and its implementation here. */
export interface S3Operation extends Operation {
  readonly accesses: (input: never) => readonly Access[]
  readonly run: (input: never, call: S3Call) => object | Promise<object>
}

const XMLNS = 'http://s3.amazonaws.com/doc/2006-03-01/'

/** Makes an operation from an SDK command. The types are AWS's: an output of another shape does not compile. */
export function s3Operation<I, O, const S extends Served<Omit<I, 'Bucket' | 'Key'>>>(
  command: Command<I, O>,
  { served, accesses, run }: Row<I, O, S>,
): S3Operation {
  return { ...describeOperation(command, served as ServedMembers, XMLNS), accesses, run }
}
