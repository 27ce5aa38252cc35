import { LocalAwsError } from '../errors.ts'
import { MANAGED_POLICIES } from '../iam/managed-policies.ts'
import { statementsOf, type Statement } from '../iam/policy.ts'
import type { Role } from '../iam/role.ts'
import { checkManagedPolicy, checkRole } from './limits.ts'
import type { OfType, StackResource } from './stacks.ts'

interface InlinePolicy {
  readonly PolicyName?: string
  readonly PolicyDocument: unknown
}

/** A policy that is a resource of its own, attached to roles. */
interface Policy {
  readonly id: string
  /** ARN of a managed policy; undefined for an inline one. */
  readonly arn: string | undefined
  /** Names of the roles that the policy itself lists. */
  readonly roles: readonly string[]
  readonly document: unknown
  readonly statements: readonly Statement[]
}

/**
 * Returns the IAM roles of all stacks, each with the statements of its inline and attached policies. Policies of
 * resources, such as bucket policies, are ignored for the reasons in resource-types.ts.
 *
 * @throws LocalAwsError NotImplemented for anything that would change a role's permissions and is not known to the
 * local AWS, LimitExceeded for policies that IAM would refuse for their size or number
 */
export function rolesOf(ofType: OfType): readonly Role[] {
  const policies = [
    ...ofType('AWS::IAM::Policy').map(policyOf),
    ...ofType('AWS::IAM::ManagedPolicy').map(managedPolicyOf),
  ]
  return ofType('AWS::IAM::Role').map((role) => roleOf(role, policies))
}

function roleOf({ id, properties, resolve }: StackResource, policies: readonly Policy[]): Role {
  const name = resolve.nameOf(id)
  const trust = properties.AssumeRolePolicyDocument
  const { Policies = [], ManagedPolicyArns = [], PermissionsBoundary: boundary } = properties
  if (boundary !== undefined) {
    throw notImplemented(`${id}/PermissionsBoundary: expected none, found ${JSON.stringify(boundary)}`)
  }
  const arns = ManagedPolicyArns as readonly string[]
  const attached = policies.filter(({ roles, arn }) => roles.includes(name) || arns.includes(arn ?? ''))
  const own = (Policies as readonly InlinePolicy[]).map(({ PolicyName = '', PolicyDocument }) => ({
    document: PolicyDocument,
    statements: statementsOf(`${id}/Policies/${PolicyName}`, PolicyDocument),
  }))
  const inline = [...own, ...attached.filter(({ arn }) => arn === undefined)]
  const managed = attached.filter(({ arn }) => arn !== undefined)
  const ofAws = arns.filter((arn) => !managed.some((policy) => policy.arn === arn))
  checkRole(id, {
    name,
    trust,
    inline: inline.map(({ document }) => document),
    managed: managed.length + ofAws.length,
  })
  return {
    name,
    arn: resolve.arnOf(id),
    trustedServices: trustedServices(id, trust),
    statements: [
      ...[...inline, ...managed].flatMap(({ statements }) => statements),
      ...ofAws.flatMap((arn) => MANAGED_POLICIES[arn] ?? unknownPolicy(id, arn)),
    ],
  }
}

function policyOf({ id, properties }: StackResource): Policy {
  const { Roles = [], PolicyDocument: document } = properties
  return {
    id,
    arn: undefined,
    roles: Roles as readonly string[],
    document,
    statements: statementsOf(id, document),
  }
}

function managedPolicyOf(resource: StackResource): Policy {
  const policy = policyOf(resource)
  checkManagedPolicy(policy.id, policy.document)
  return { ...policy, arn: resource.resolve.arnOf(resource.id) }
}

function unknownPolicy(id: string, arn: string): never {
  const known = Object.keys(MANAGED_POLICIES).join(', ')
  throw notImplemented(`${id}/ManagedPolicyArns: expected some of ${known}, found ${arn}`)
}

function trustedServices(id: string, document: unknown): readonly string[] {
  const { Statement = [] } = document as { Statement?: readonly Record<string, unknown>[] }
  return Statement.flatMap((statement) => {
    const { Action, Effect, Principal } = statement
    const { Service } = (Principal ?? {}) as { Service?: string | string[] }
    if (Action === 'sts:AssumeRole' && Effect === 'Allow' && Service !== undefined) return [Service].flat()
    throw notImplemented(
      `${id}/AssumeRolePolicyDocument: expected Allow sts:AssumeRole for services, found ${JSON.stringify(statement)}`,
    )
  })
}

function notImplemented(problem: string): LocalAwsError {
  return new LocalAwsError('NotImplemented', `Template: ${problem}.`)
}
