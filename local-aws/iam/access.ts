import type { Caller } from '../protocol/caller.ts'

/** An action on a resource that a request needs. */
export interface Access {
  /** Such as `s3:GetObject`. */
  readonly action: string
  /** ARN, or `*` where the action takes no narrower one. */
  readonly resource: string
  /** Condition keys of the request, such as `iam:PassedToService`. @default none */
  readonly context?: Readonly<Record<string, string>>
}

/**
 * Lets a request pass.
 *
 * @throws AwsError AccessDenied from S3, AccessDeniedException from any other service, naming the first refused action
 */
export type Authorize = (caller: Caller, accesses: readonly Access[]) => void

/** What is done to the file that an object is, or to the folder that a prefix is. */
export type FileUse = 'read' | 'write' | 'list'

/** The permissions that each operation of a service needs, as they follow from its input. */
export type Accesses<N extends string> = Readonly<Record<N, (input: never) => readonly Access[]>>

/** Holds every operation of a JSON service to what it needs; nothing to hold, where everybody may do everything. */
export function authorizeBy<N extends string>(
  authorize: Authorize | undefined,
  accesses: Accesses<N>,
): ((operation: N, input: unknown, caller: Caller) => void) | undefined {
  return authorize && ((operation, input, caller) => authorize(caller, accesses[operation](input as never)))
}
