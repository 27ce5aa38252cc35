import type { Caller } from '../protocol/caller.ts'

/** One permission that a request needs: an action on a resource. */
export interface Access {
  /** IAM's name of the action, such as `s3:GetObject`. */
  readonly action: string
  /** ARN, or `*` if the action cannot be restricted to a resource. */
  readonly resource: string
  /** Condition keys of the request, such as `iam:PassedToService`. @default none */
  readonly context?: Readonly<Record<string, string>>
}

/**
 * Checks that the sender of a request has all of these permissions.
 *
 * @throws AwsError AccessDenied from S3, AccessDeniedException from other services, naming the first refused action
 */
export type Authorize = (caller: Caller, accesses: readonly Access[]) => void

/**
 * Purpose for which a service asks for the path of an S3 object's file or of a prefix's folder. `read` and `write` are
 * for objects, `list` is for prefixes; each needs its own permission.
 */
export type FileUse = 'read' | 'write' | 'list'

/**
 * Table of a service with one function per operation, which returns the permissions that a request of that operation
 * needs.
 */
export type Accesses<N extends string> = Readonly<Record<N, (input: never) => readonly Access[]>>

/**
 * Combines a permission check with a service's table of needed permissions. The result throws what `authorize` throws;
 * it is undefined if `authorize` is, so that every caller may do everything.
 */
export function authorizeBy<N extends string>(
  authorize: Authorize | undefined,
  accesses: Accesses<N>,
): ((operation: N, input: unknown, caller: Caller) => void) | undefined {
  return authorize && ((operation, input, caller) => authorize(caller, accesses[operation](input as never)))
}
