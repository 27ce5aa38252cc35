import { allowedBy, reasonsFor, type Statement } from './constructs/reasons.ts'
import { outputOf, textOf, type TemplateParts } from './template-text.ts'

interface Policy {
  readonly Roles?: readonly { readonly Ref: string }[]
  readonly PolicyDocument: { readonly Statement: readonly Statement[] }
}

/**
 * Returns Markdown tables of every permission in a template with its reason, and of who may assume each role. A role is
 * named after the output that holds its ARN.
 *
 * @throws Error for a statement without a reason
 */
export function iamTable(template: TemplateParts): string {
  const of = (...types: string[]) =>
    Object.entries(template.Resources ?? {}).filter(([, { Type }]) => types.includes(Type))
  const policies = of('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy').flatMap(([, { Properties }]) => {
    const { Roles = [], PolicyDocument } = Properties as unknown as Policy
    return Roles.flatMap(({ Ref }) =>
      PolicyDocument.Statement.map((statement) => row(roleText(Ref, template), statement, template)),
    )
  })
  const trusts = of('AWS::IAM::Role').map(([id, { Properties }]) => trustRow(id, Properties!, template))
  return [
    table(['role', 'actions', 'resources', 'condition', 'reason'], policies),
    table(['role', 'name', 'taken by', 'condition'], trusts),
  ].join('\n\n')
}

const roleText = (id: string, template: TemplateParts) => outputOf(id, template) ?? id

function row(role: string, statement: Statement, template: TemplateParts): string[] {
  const allowed = allowedBy(statement)
  const reasons = allowed.map((each) => reasonsFor(each))
  const without = allowed.find((_, index) => reasons[index] === undefined)
  if (without) throw new Error(`${role}: expected a reason for ${JSON.stringify(without)}, found none.`)
  const resources = [statement.Resource].flat().map((resource) => textOf(resource, template))
  return [
    role,
    codes(allowed[0]?.actions ?? []),
    codes([...new Set(resources)]),
    condition(statement.Condition, template),
    [...new Set(reasons.flatMap((each) => each!))].join(' '),
  ]
}

/** CloudFormation makes up the names of roles that nobody has to know before the deployment. */
function trustRow(
  id: string,
  { RoleName, AssumeRolePolicyDocument }: Readonly<Record<string, unknown>>,
  template: TemplateParts,
): string[] {
  const { Statement } = AssumeRolePolicyDocument as {
    readonly Statement: readonly {
      readonly Principal: { readonly Service: unknown }
      readonly Condition?: unknown
    }[]
  }
  const services = Statement.map(({ Principal }) => textOf(Principal.Service, template))
  const name = RoleName === undefined ? 'given by CloudFormation' : `\`${textOf(RoleName, template)}\``
  return [roleText(id, template), name, codes(services), condition(Statement[0]?.Condition, template)]
}

const codes = (texts: readonly string[]) => texts.map((text) => `\`${text}\``).join(' ')

function condition(value: unknown, template: TemplateParts): string {
  if (value === undefined) return ''
  const write = (_: string, each: unknown) => (isReference(each) ? textOf(each, template) : each)
  return `\`${JSON.stringify(value, write)}\``
}

function isReference(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('Ref' in value || 'Fn::Join' in value)
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
