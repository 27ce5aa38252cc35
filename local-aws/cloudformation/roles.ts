import { LocalAwsError } from '../errors.ts'
import { MANAGED_POLICIES } from '../iam/managed-policies.ts'
import { statementsOf, type Statement } from '../iam/policy.ts'
import type { Role } from '../iam/role.ts'
import type { Resolve } from './resolve.ts'
import type { Template } from './types.ts'

interface Policy {
  readonly PolicyName?: string
  readonly PolicyDocument: unknown
}

/**
 * The roles of a template with the statements of their own policies and of those attached to them. Policies of
 * resources are left out: the ones of this project's kind deny requests without TLS, which the loopback interface does
 * without, and let EventBridge and CloudWatch in, which are not here.
 *
 * @throws LocalAwsError NotImplemented for whatever would change a role's permissions and is unknown here
 */
export function rolesOf(template: Template, resolve: Resolve): readonly Role[] {
  const idsOf = (type: string) =>
    Object.keys(template.Resources).filter((id) => template.Resources[id]!.Type === type)
  const attached = idsOf('AWS::IAM::Policy').map((id) => {
    const { Roles = [], PolicyDocument } = resolve.propertiesOf(id)
    return { roles: Roles as readonly string[], statements: statementsOf(id, PolicyDocument) }
  })
  return idsOf('AWS::IAM::Role').map((id) => {
    const name = resolve.nameOf(id)
    const properties = resolve.propertiesOf(id)
    const ofOthers = attached.filter(({ roles }) => roles.includes(name))
    return {
      name,
      arn: resolve.arnOf(id),
      trustedServices: trustedServices(id, properties.AssumeRolePolicyDocument),
      statements: [...ownStatements(id, properties), ...ofOthers.flatMap(({ statements }) => statements)],
    }
  })
}

function ownStatements(id: string, properties: Readonly<Record<string, unknown>>): readonly Statement[] {
  const { Policies = [], ManagedPolicyArns = [], PermissionsBoundary } = properties
  if (PermissionsBoundary !== undefined) {
    throw notImplemented(
      `${id}/PermissionsBoundary: expected none, found ${JSON.stringify(PermissionsBoundary)}`,
    )
  }
  const inline = (Policies as readonly Policy[]).flatMap(({ PolicyName = '', PolicyDocument }) =>
    statementsOf(`${id}/Policies/${PolicyName}`, PolicyDocument),
  )
  const managed = (ManagedPolicyArns as readonly string[]).flatMap(
    (arn) => MANAGED_POLICIES[arn] ?? unknownPolicy(id, arn),
  )
  return [...inline, ...managed]
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
