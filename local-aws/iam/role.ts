import type { Statement } from './policy.ts'

/** A role of the stack with the statements of its identity policies. */
export interface Role {
  readonly name: string
  readonly arn: string
  /** Services that may take the role, such as `lambda.amazonaws.com`. */
  readonly trustedServices: readonly string[]
  readonly statements: readonly Statement[]
}
