import type { Statement } from './policy.ts'

/** An IAM role of a stack with the statements of all its identity policies, inline and managed. */
export interface Role {
  readonly name: string
  readonly arn: string
  /** Services that may assume the role, such as `lambda.amazonaws.com`. */
  readonly trustedServices: readonly string[]
  readonly statements: readonly Statement[]
}
