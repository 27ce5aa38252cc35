import type { Caller } from '../protocol/service.ts'

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

/** What an operation of a JSON service needs, from its input. */
export type AccessesOf = (operation: string, input: Readonly<Record<string, unknown>>) => readonly Access[]
