import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Aws } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'

/**
 * True for services that state the account they act for (`aws:SourceAccount`) when they assume a role, so that nobody
 * can have them act on a role of another account. For services without documentation of that, a condition would prevent
 * them from assuming the role at all.
 */
const SAYS_SOURCE_ACCOUNT = {
  // https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html (processing jobs)
  sagemaker: true,
  // https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
  states: true,
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html
  events: true,
  // Its page on confused deputies is about resource policies, not about roles of crawlers.
  // https://docs.aws.amazon.com/glue/latest/dg/cross-service-confused-deputy-prevention.html
  glue: false,
  // The page on execution roles does not mention it, and a role can only be passed within its account.
  // https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
  lambda: false,
} as const

/** AWS service that assumes a role, and the role's name. */
export interface ServiceRoleProps {
  /** Beginning of the service's principal, such as `lambda`. */
  readonly service: keyof typeof SAYS_SOURCE_ACCOUNT
  /**
   * Name of the role, if others must know it before the deployment.
   * @default a name that CloudFormation makes up
   */
  readonly roleName?: string
}

/**
 * Creates a role that an AWS service can assume. If the service states the account for which it acts, it must be this
 * one.
 */
export function serviceRole(scope: Construct, id: string, { service, roleName }: ServiceRoleProps): Role {
  const principal = new ServicePrincipal(`${service}.amazonaws.com`)
  const ofThisAccount = { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } }
  const assumedBy = SAYS_SOURCE_ACCOUNT[service] ? principal.withConditions(ofThisAccount) : principal
  return new Role(scope, id, { assumedBy, ...(roleName !== undefined && { roleName }) })
}
