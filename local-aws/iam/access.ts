import type { Caller } from '../protocol/caller.ts'

/** An action on a resource that a request needs permission for. */
export interface Access {
  /** Such as `s3:GetObject`. */
  readonly action: string
  /** ARN, or `*` if the action cannot be restricted to a resource. */
  readonly resource: string
  /** Condition keys of the request, such as `iam:PassedToService`. @default none */
  readonly context?: Readonly<Record<string, string>>
}

/**
 * Throws unless the caller has all of these permissions.
 *
 * @throws AwsError AccessDenied from S3, AccessDeniedException from other services, naming the first refused action
 */
export type Authorize = (caller: Caller, accesses: readonly Access[]) => void

/** Use of the file that an object is, or of the folder that a prefix is. */
export type FileUse = 'read' | 'write' | 'list'

/** Computes, per operation of a service, the permissions that its input needs. */
export type Accesses<N extends string> = Readonly<Record<N, (input: never) => readonly Access[]>>

/** Returns a check that a caller has the permissions of an operation; undefined if everybody may do everything. */
export function authorizeBy<N extends string>(
  authorize: Authorize | undefined,
  accesses: Accesses<N>,
): ((operation: N, input: unknown, caller: Caller) => void) | undefined {
  return authorize && ((operation, input, caller) => authorize(caller, accesses[operation](input as never)))
}
