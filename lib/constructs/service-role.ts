import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Aws } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'

/**
 * Services that take roles, and whether they say for which account they act (`aws:SourceAccount`), so that nobody may
 * have them act on a role of another's. Where AWS does not document that a service says so, a condition would keep it
 * from taking the role at all.
 */
const SAYS_SOURCE_ACCOUNT = {
  // https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html (processing jobs)
  sagemaker: true,
  // https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
  states: true,
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html
  events: true,
  // Its page on confused deputies is about policies of resources, not about the roles of crawlers.
  // https://docs.aws.amazon.com/glue/latest/dg/cross-service-confused-deputy-prevention.html
  glue: false,
  // The page on execution roles does not name it, and a role is passed within its account only.
  // https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
  lambda: false,
} as const

export interface ServiceRoleProps {
  readonly service: keyof typeof SAYS_SOURCE_ACCOUNT
  /**
   * Name of the role in its account, where others must know it beforehand.
   * @default one that CloudFormation makes up
   */
  readonly roleName?: string
}

/** A role that a service takes, for this account where the service says for which it acts. */
export function serviceRole(scope: Construct, id: string, { service, roleName }: ServiceRoleProps): Role {
  const principal = new ServicePrincipal(`${service}.amazonaws.com`)
  const ofThisAccount = { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } }
  const assumedBy = SAYS_SOURCE_ACCOUNT[service] ? principal.withConditions(ofThisAccount) : principal
  return new Role(scope, id, { assumedBy, ...(roleName !== undefined && { roleName }) })
}
